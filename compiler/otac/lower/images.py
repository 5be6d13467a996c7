"""Images without a word on where the code lies in them."""

from otac.config.model import Located
from otac.diagnostics.diagnostic import warning
from otac.lower.context import Context
from otac.source.document import Mapping, Scalar

# The working directory of Prefect's own images, and of those that are made from them.
_USUAL = "/opt/prefect"


def check_images(context: Context) -> None:
    """Without pull steps of the configuration's own, runs look for the code in the folder
    that was deployed from, which is one of this machine's and not of the image's."""
    config = context.config
    if config.prefect.pull is not None:
        return
    policies = (config.run_policy, *(runner.run_policy for runner in config.runners))
    images = [config.prefect.image, *(_image(one.job_variables) for one in policies)]
    for image in images:
        if image is not None:
            context.report(
                warning(
                    "OTC377",
                    "nothing says where the code lies in the image",
                    image.span,
                    "runs would look for it in a folder of the machine that deploys",
                    help="write `pull: [{prefect.deployments.steps."
                    f"set_working_directory: {{directory: {_USUAL}}}}}]` under "
                    f"`prefect`; `{_USUAL}` is the working directory of Prefect's "
                    "images, `/project` that of `otac build --docker`",
                )
            )


def _image(variables: Mapping | None) -> Located[str] | None:
    for entry in () if variables is None else variables:
        value = entry.value
        if entry.key.text == "image" and isinstance(value, Scalar) and value.text:
            return Located(value.text, value.span)
    return None

"""Writes a language model of 140 kB: real weights that were never taught anything.

python tiny_model.py FILE
"""

import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np

_WIDTH, _INNER, _HEADS = 32, 64, 4
_TEMPLATE = (
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"
)


def write(path: Path, seed: int = 0) -> None:
    """One block of a Llama, every printable character a token. The same seed, the same."""
    chance = np.random.default_rng(seed)
    bytes_ = [f"<0x{i:02X}>" for i in range(256)]
    letters = ["\u2581", *map(chr, range(33, 127))]
    tokens = ["<unk>", "<s>", "</s>", *bytes_, *letters]
    kinds = [2, 3, 3, *[6] * len(bytes_), *[1] * len(letters)]
    scores = [0.0] * (3 + len(bytes_)) + [-float(i) for i in range(len(letters))]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(8192)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(_TEMPLATE)

    def drawn(*shape: int) -> Any:
        return chance.normal(0, 0.5, shape).astype(np.float32)

    ones = np.ones(_WIDTH, np.float32)
    writer.add_tensor("token_embd.weight", drawn(len(tokens), _WIDTH))
    writer.add_tensor("output_norm.weight", ones)
    writer.add_tensor("output.weight", drawn(len(tokens), _WIDTH))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        writer.add_tensor(f"blk.0.{name}.weight", drawn(_WIDTH, _WIDTH))
    writer.add_tensor("blk.0.ffn_gate.weight", drawn(_INNER, _WIDTH))
    writer.add_tensor("blk.0.ffn_up.weight", drawn(_INNER, _WIDTH))
    writer.add_tensor("blk.0.ffn_down.weight", drawn(_WIDTH, _INNER))
    writer.add_tensor("blk.0.attn_norm.weight", ones)
    writer.add_tensor("blk.0.ffn_norm.weight", ones)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]))

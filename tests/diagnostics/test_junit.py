"""JUnit's XML, as a server reads it."""

from xml.etree import ElementTree

from report_of_everything import NOTHING, REPORT

from otac.diagnostics import junit

NEVER_IN_XML = "\x00\x1b\ud800\ufffe\uffff"


def read(text: str) -> ElementTree.Element:
    suites = ElementTree.fromstring(text.encode())
    assert suites.tag == "testsuites"
    (suite,) = suites
    return suite


def test_a_test_for_each_finding() -> None:
    suite = read(junit.render(REPORT))
    assert suite.attrib == {
        "name": "conf/my config.yml",
        "tests": "4",
        "failures": "2",
        "errors": "0",
    }
    assert [(case.attrib, case[0].tag, case[0].text) for case in suite] == [
        (
            {
                "classname": "conf/my config.yml",
                "name": "OTC301: unknown `x`",
            },
            "failure",
            "conf/my config.yml:1:8: OTC301 unknown `x`\nlabel\nhelp: did you mean `y`?",
        ),
        (
            {
                "classname": "conf/my config.yml",
                "name": "OTC334: 100%: two␊lines, ␛[31m",
            },
            "system-out",
            "warning: conf/my config.yml:3:1: OTC334 100%: two\nlines, ␛[31m",
        ),
        (
            {"classname": "otac", "name": "OTC330: decided \ufffd"},
            "system-out",
            "note: decided \ufffd",
        ),
        (
            {
                "classname": "generated/a,b.py",
                "name": "OTC401: edited",
            },
            "failure",
            "generated/a,b.py: OTC401 edited",
        ),
    ]


def test_no_character_that_xml_cannot_hold() -> None:
    assert not set(NEVER_IN_XML) & set(junit.render(REPORT))


def test_a_file_without_findings_is_a_test_that_passed() -> None:
    suite = read(junit.render(NOTHING))
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "0")
    assert [(case.tag, case.attrib["name"], len(case)) for case in suite] == [
        ("testcase", "config.yml", 0)
    ]

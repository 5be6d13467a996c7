def triage(text: str = "") -> str:
return text

from acme.broken import triage

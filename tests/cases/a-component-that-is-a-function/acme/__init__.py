from acme.pipes import call_back as call_back

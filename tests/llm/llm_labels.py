"""The labels of the tests."""

LABELS = {
    "Billing": "invoices, payments, refunds",
    "IT Support": "computers, passwords, VPN",
    "HR": "holidays, sick leave, contracts",
}

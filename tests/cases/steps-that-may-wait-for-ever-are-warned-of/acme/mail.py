import smtplib


async def send(text: str = "") -> None:
    smtplib.SMTP("mail.example").sendmail("desk@example.com", [], text)

"""What must appear nowhere."""

TOKEN = "t0ken-4711-of-a-vault"
PASSWORD = "pa55word-4712-of-a-block"

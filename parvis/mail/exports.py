"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

# Mails that leave
left_out("mail.SentMail", because="a log of some weeks, without the texts")
exported("mail.Mailbox")
exported("mail.QuietSubject")
exported("mail.DigestChoice")
exported("mail.DigestTurn")

# Mails that come in
left_out("mail.GivenAddress", because="addresses of this installation: another one gives its own")
left_out("mail.ReceivedMail", because="a log of some weeks: what the mails did is exported where they did it")

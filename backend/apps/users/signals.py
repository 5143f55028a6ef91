from django.dispatch import Signal

# Somebody who runs the site says that an email address is this person's: `user`, saved already.
email_vouched = Signal()

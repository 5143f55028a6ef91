"""Mail: one look for all of it, any provider by EMAIL_URL, a mailbox page while developing."""

"""Home and landing pages, and the answer to «are you ready?»."""

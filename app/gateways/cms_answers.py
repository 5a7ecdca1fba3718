"""What OpenSSL's answers mean: its words → the codes of `cms.Verdict`. Pure, but for the answer's form."""

import re

from app.gateways.openssl import Answer, EngineAway

#: With these all the rest may be right: whoever asks has to look.
BAD_LISTS = ("crl_missing", "crl")

#: Words of X509_verify_cert_error_string (OpenSSL 3.0) → code; what stands in none of them is an unknown authority.
_OF_CHAIN = {
    "certificate has expired": "expired",
    "certificate is not yet valid": "not_yet_valid",
    "certificate revoked": "revoked",
    "unable to get certificate CRL": "crl_missing",
    "CRL has expired": "crl",
    "CRL is not yet valid": "crl",
    "CRL signature failure": "crl",
    "unable to decrypt CRL's signature": "crl",
    "unable to get CRL issuer certificate": "crl",
    "key usage does not include CRL signing": "crl",
    "unhandled critical CRL extension": "crl",
    "Different CRL scope": "crl",
    "format error in CRL's lastUpdate field": "crl",
    "format error in CRL's nextUpdate field": "crl",
}
_CHAIN = re.compile(r":Verify error: ?(.+?)\s*$", re.MULTILINE)
_WRONG_DOCUMENT = re.compile(
    r"CMS_SignerInfo_verify_content:(verification failure|messagedigest wrong length)"
)
_NO_MEMORY = ("malloc failure", "out of memory")


def code_of(answer: Answer) -> str:
    """The code of an answer to `openssl cms -verify`; raises EngineAway when the child did not come to an answer."""
    if answer.right:
        return "ok"
    if answer.code < 0 or any(word in answer.errors for word in _NO_MEMORY):
        raise EngineAway(f"openssl {answer.code}")
    chain = _CHAIN.search(answer.errors)
    if chain:
        return _OF_CHAIN.get(chain.group(1), "unknown_ca")
    if _WRONG_DOCUMENT.search(answer.errors):
        return "wrong_document"
    return "bad_signature"

"""The address that an authenticator application reads."""

from urllib.parse import parse_qs, urlsplit

from mydoctransfer.model.otpauth import address


def test_secret_person_and_issuer_stand_where_applications_look() -> None:
    made = urlsplit(address("JBSWY3DPEHPK3PXP", "ada+1@example.org"))
    assert (made.scheme, made.netloc) == ("otpauth", "totp")
    assert made.path == "/MyDoc%20Transfer:ada%2B1%40example.org"
    assert parse_qs(made.query) == {
        "secret": ["JBSWY3DPEHPK3PXP"],
        "issuer": ["MyDoc Transfer"],
    }


def test_no_address_can_add_a_field() -> None:
    made = urlsplit(address("A&issuer=B", "a?secret=C&x=y#z"))
    assert parse_qs(made.query) == {"secret": ["A&issuer=B"], "issuer": ["MyDoc Transfer"]}
    assert not made.fragment

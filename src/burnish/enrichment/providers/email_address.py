"""What an e-mail address says by itself: of its domain, of its owner and of where they work."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from burnish.enrichment import inputs
from burnish.enrichment.inputs import Known, Unfit
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms

if TYPE_CHECKING:
    from tldextract import TLDExtract

FREE = frozenset(
    """
    126.com 139.com 163.com aim.com alice.it aliyun.com aol.com att.net bell.net bellsouth.net
    bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz charter.net comcast.net
    cox.net daum.net docomo.ne.jp duck.com earthlink.net email.cz email.de email.it ezweb.ne.jp
    fastmail.com fastmail.fm fastwebnet.it foxmail.com free.fr freemail.hu freenet.de frontier.com
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com home.nl
    hotmail.be hotmail.ca hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it
    hotmail.se hushmail.com icloud.com inbox.lv inbox.ru interia.pl juno.com kakao.com kpnmail.nl
    laposte.net libero.it list.ru live.at live.ca live.co.uk live.com live.com.au live.de live.dk
    live.fr live.it live.nl live.no live.se mac.com mail.com mail.de mail.ee mail.example mail.ru
    mailbox.org mailfence.com me.com mozmail.com msn.com nate.com naver.com neuf.fr o2.pl
    online.de online.no onet.pl op.pl optonline.net optusnet.com.au orange.fr outlook.at
    outlook.com outlook.de outlook.dk outlook.es outlook.fr outlook.it outlook.jp pm.me
    posteo.de posteo.net privaterelay.appleid.com proton.me protonmail.ch protonmail.com qq.com
    rambler.ru rediffmail.com rocketmail.com rogers.com runbox.com sapo.pt sbcglobal.net seznam.cz
    sfr.fr shaw.ca simplelogin.com sina.cn sina.com sky.com skynet.be softbank.ne.jp sohu.com
    sympatico.ca t-online.de talktalk.net telenet.be telia.com telus.net terra.com.br tin.it
    tiscali.it tuta.com tuta.io tutanota.com tutanota.de ukr.net uol.com.br
    users.noreply.github.com verizon.net virgilio.it virgin.net virginmedia.com volny.cz wanadoo.fr
    web.de windowslive.com wp.pl xs4all.nl xtra.co.nz ya.ru yahoo.ca yahoo.co.id yahoo.co.in
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx
    yahoo.com.tw yahoo.de yahoo.es yahoo.fr yahoo.ie yahoo.in yahoo.it yahoo.se yandex.com
    yandex.ru yeah.net ymail.com ziggo.nl zoho.com zohomail.com
    """.split()
)
"""Mail services for everybody, and those that forward to a hidden address."""

ROLES = frozenset(
    """
    abuse accounting accounts admin administrator all billing booking bookings careers compliance
    contact contacts customerservice daemon dev devnull dpo enquiries events everyone feedback
    finance ftp gdpr hello help helpdesk hi hostmaster hr info inquiries investors invoice
    invoices it jobs kontakt legal list mail mailer-daemon marketing media news newsletter no-reply
    nobody noc noreply office operations ops orders partners payments post postmaster press privacy
    purchasing recruiting registrar reception root sales security service shop staff support
    sysadmin team tech undisclosed-recipients unsubscribe usenet uucp webmaster www
    """.split()
)
"""Addresses of roles rather than of persons: RFC 2142, and what is usual beside it."""

_OF_A_NAME = {"name": 0.3, "given_name": 0.3, "family_name": 0.3}
_OF_A_COMPANY = {"company_domain": 0.8, "company_website": 0.6}


class EmailAddress(LocalProvider):
    """Domain and kind of an address; a guess at the name, and the company's domain."""

    key = "email_address"
    title = "E-mail address"
    page = "https://github.com/disposable-email-domains/disposable-email-domains"
    needs = frozenset({"email"})
    gives = frozenset(
        {"email_domain", "email_is_free", "email_is_disposable", "email_is_role"}
        | _OF_A_NAME.keys()
        | _OF_A_COMPANY.keys()
    )
    terms = Terms("CC0 (throw-away domains), MPL 2.0 (Public Suffix List).")
    example: ClassVar[Known] = {"email": "ada@nordlake.example"}

    def look(self, known: Known) -> Found | Miss:
        local, _, host = str(known["email"]).lower().rpartition("@")
        try:
            domain = inputs.domain(host)
        except Unfit:
            return Miss()
        is_role = local.partition("+")[0] in ROLES
        is_free = _is_among(domain, FREE)
        registered = _registered(domain)
        is_disposable = registered is not None and _is_among(domain, _disposable())
        values: dict[str, Any] = {
            "email_domain": domain,
            "email_is_free": is_free,
            "email_is_disposable": is_disposable,
            "email_is_role": is_role,
        }
        if not is_role and not is_disposable:
            values |= _named(local)
        if registered and not is_free and not is_disposable:
            values |= {"company_domain": registered, "company_website": f"https://{registered}"}
        return Found(values, sure=_OF_A_NAME | _OF_A_COMPANY)


def _is_among(domain: str, domains: frozenset[str] | set[str]) -> bool:
    """Tell whether a domain, or one it is under, is on a list."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels) - 1))


def _named(local: str) -> dict[str, str]:
    """Guess a name from `ada.lovelace`, `anna-maria_berg` or `ada.lovelace1815+news`."""
    local = local.partition("+")[0].rstrip("0123456789")
    mark = next((mark for mark in "._" if mark in local), "-")
    parts = local.split(mark)
    if len(parts) != 2 or not all(re.fullmatch(r"[^\W\d_]{2,}(-[^\W\d_]{2,})?", p) for p in parts):
        return {}
    given, family = (part.title() for part in parts)
    return {"name": f"{given} {family}", "given_name": given, "family_name": family}


@cache
def _disposable() -> set[str]:
    from disposable_email_domains import blocklist  # ten thousand names

    return set(blocklist)


@cache
def _suffixes() -> "TLDExtract":
    from tldextract import TLDExtract  # brings requests and 20 MB along

    # The list that came with the package: nothing is fetched, and nothing is written.
    return TLDExtract(None, suffix_list_urls=(), include_psl_private_domains=True)


def _registered(domain: str) -> str | None:
    """Return the part of a domain that somebody registered, such as `nordlake.example`."""
    parts = _suffixes().extract_str(domain)
    if parts.suffix:
        return parts.top_domain_under_public_suffix or None
    labels = domain.split(".")  # of an ending that is on no list, the last label is the ending
    return None if labels[-1].isdigit() else ".".join(labels[-2:])

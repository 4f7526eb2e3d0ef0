"""What providers may say of somebody: one name for one thing, whoever says it.

An attribute is filled from the output of its own name, unless its waterfall names another. The
standard attributes `zoneinfo` and `locale` are filled from `timezone` and `locale`.
"""

PERSON = {
    "name": "full name",
    "given_name": "given name",
    "family_name": "family name",
    "nickname": "what they call themselves",
    "picture": "address of a picture",
    "website": "their own site",
    "profile": "address of a page about them",
    "gender": "gender, as the source writes it",
    "age_range": "age as a range, such as 35-44",
    "birth_year": "year of birth",
    "bio": "a sentence about them",
    "location": "where they say they are, in words",
    "pronouns": "their pronouns",
    "interests": "what they are interested in",
    "skills": "what they can do",
    "job_title": "title at work",
    "job_role": "kind of work, such as engineering",
    "seniority": "rank at work",
    "linkedin_url": "LinkedIn page",
    "twitter_url": "X (Twitter) page",
    "github_url": "GitHub page",
    "facebook_url": "Facebook page",
}

COMPANY = {
    "company_name": "name of the company",
    "company_legal_name": "name in the register",
    "company_domain": "internet domain",
    "company_website": "site",
    "company_description": "a sentence about it",
    "company_industry": "industry",
    "company_sector": "sector",
    "company_type": "private, public, education...",
    "company_size": "employees as a range, such as 11-50",
    "company_employees": "number of employees",
    "company_founded": "year of foundation",
    "company_revenue": "yearly revenue, as the source writes it",
    "company_logo": "address of its logo",
    "company_location": "seat, in words",
    "company_city": "city of its seat",
    "company_region": "region of its seat",
    "company_country": "country of its seat",
    "company_country_code": "country of its seat, ISO 3166-1 alpha-2",
    "company_phone": "phone number",
    "company_tags": "what it does, in catchwords",
    "company_technologies": "what its site is made with",
    "company_linkedin_url": "LinkedIn page",
    "company_twitter_url": "X (Twitter) page",
}

PLACE = {
    "city": "city",
    "district": "district or county",
    "region": "state or province",
    "region_code": "state or province, by code",
    "postal_code": "postal code",
    "country": "country, in English",
    "country_code": "country, ISO 3166-1 alpha-2",
    "continent": "continent, in English",
    "continent_code": "continent, by two letters",
    "latitude": "degrees north",
    "longitude": "degrees east",
    "timezone": "IANA time zone",
    "currency": "currency used there, ISO 4217",
    "calling_code": "telephone prefix of the country",
}

NETWORK = {
    "asn": "autonomous system, such as AS64500",
    "network_name": "who runs the network",
    "network_domain": "domain of who runs the network",
    "network_type": "isp, hosting, business, education...",
    "connection_type": "cable, mobile...",
    "is_anonymous": "behind a proxy, a VPN or Tor",
    "is_proxy": "behind a proxy",
    "is_vpn": "behind a VPN",
    "is_tor": "behind Tor",
    "is_hosting": "in a data centre",
    "is_mobile": "on a mobile network",
}

CONTACT = {
    "email_domain": "domain of the e-mail address",
    "email_is_free": "address at a free mail service",
    "email_is_disposable": "throw-away address",
    "email_is_role": "address of a role, such as info@",
    "email_deliverability": "whether mail arrives: deliverable, undeliverable, risky, unknown",
    "email_score": "how good the address is, from 0 to 1",
    "mobile_phone": "mobile number by which a source knows them; they have not confirmed it",
    "phone_country_code": "country of the phone number, ISO 3166-1 alpha-2",
    "phone_country": "country of the phone number, in English",
    "phone_region": "place of the phone number",
    "phone_timezones": "time zones of the phone number",
    "phone_carrier": "carrier the phone number was first given to",
    "phone_type": "mobile, fixed_line, voip...",
    "phone_is_valid": "whether the phone number can exist",
}

DEVICE = {
    "device_type": "desktop, mobile, tablet, tv, bot...",
    "device_brand": "maker of the device",
    "device_model": "model of the device",
    "os": "operating system",
    "os_version": "version of the operating system",
    "browser": "browser",
    "browser_version": "version of the browser",
    "is_bot": "whether it is a program",
}

LANGUAGE = {
    "locale": "preferred language and region, as BCP 47",
    "language": "preferred language",
    "languages": "languages, the preferred first",
}

OUTPUTS = PERSON | COMPANY | PLACE | NETWORK | CONTACT | DEVICE | LANGUAGE
"""Every output by name, in words."""

STANDARD = {"zoneinfo": "timezone"}
"""Standard attributes whose output has another name than theirs."""

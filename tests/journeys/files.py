"""A list from a hospital's system, with one row that cannot be taken."""

TITLES = (
    "record_number,given_name,family_name,birth_date,mobile,email,surgery_date,procedure,region,"
    "levels,side,consent_sms,consent_email"
)


def monday_list(*, day):
    """Two patients whose operation is on `day`, and one whose telephone number is too short."""
    rest = f"{day.isoformat()},hemilaminectomy,lumbar,L4/5,left,yes,yes"
    return [
        TITLES,
        f"H-2001,Nora,Whitfield,1967-03-09,07700 900201,nora.whitfield@example.org,{rest}",
        f"H-2002,Samuel,Adeyemi,1959-11-23,07700 9002,samuel.adeyemi@example.org,{rest}",
        f"H-2003,Ingrid,Solheim,1981-06-17,07700 900203,ingrid.solheim@example.org,{rest}",
    ]


TWELVE = (
    "Ada Marlow", "Bo Lister", "Cara Finlay", "Dov Perlman", "Edna Kwan", "Finn Aldous",
    "Gita Rao", "Hugo Bianchi", "Isla Munro", "Jonas Weber", "Kira Novak", "Leo Santos",
)  # fmt: skip


def closed_theatre(*, day):
    """Twelve patients whose operations are all on the same day."""
    rest = f"{day.isoformat()},hemilaminectomy,lumbar,L4/5,left,yes,yes"
    rows = []
    for place, name in enumerate(TWELVE):
        given, family = name.split()
        ways = f"07700 9003{place:02d},{given}.{family}@example.org".lower()
        rows.append(f"H-30{place:02d},{given},{family},1970-01-{place + 1:02d},{ways},{rest}")
    return [TITLES, *rows]

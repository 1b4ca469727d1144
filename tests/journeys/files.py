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

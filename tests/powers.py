"""Machine-readable powers of attorney of the tests, in the form EMCHD_1 as far as the site reads it."""

OGRN = "1025900000001"
PETROV_SNILS, PETROV_INN = "11223344595", "590000000003"

_TEXT = """<?xml version="1.0" encoding="{encoding}"?>
<Доверенность xmlns="urn://x-artefacts/EMCHD_1" ВерсФорм="EMCHD_1" ПрЭлФорм="00000000">
 <Документ><Довер>
  <СвДов ВидДовер="1" НомДовер="a1b2c3d4-0000-4000-8000-000000000001" ДатаВыдДовер="{since}" СрокДейст="{until}"/>
  <СвДоверит ТипДоверит="ЮЛ"><Доверит><РосОргДовер>
   <СвРосОрг НаимОрг="{name}" ИННЮЛ="5900000001" КПП="590001001" {kind}="{ogrn}"/>
  </РосОргДовер></Доверит></СвДоверит>
  <СвУпПред ТипПред="ФЛ"><Пред><СведФизЛ СНИЛС="{snils}" ИННФЛ="{inn}">
   <ФИО Фамилия="Петров" Имя="Иван" Отчество="Сергеевич"/>
  </СведФизЛ></Пред></СвУпПред>
  <СвПолн ТипПолн="0"><ТекстПолн>Подписывать договоры о технологическом присоединении</ТекстПолн></СвПолн>
 </Довер></Документ>
</Доверенность>
"""


def power(
    *,
    ogrn: str = OGRN,
    snils: str = "112-233-445 95",
    inn: str = PETROV_INN,
    name: str = "ООО «Ромашка»",
    since: str = "2026-01-01",
    until: str = "2027-06-30",
    encoding: str = "utf-8",
) -> bytes:
    """The file of a power of attorney that a firm has given to Петров."""
    kind = "ОГРНИП" if len(ogrn) == 15 else "ОГРН"
    told = {"ogrn": ogrn, "kind": kind, "snils": snils, "inn": inn, "name": name}
    return _TEXT.format(encoding=encoding, since=since, until=until, **told).encode(encoding)

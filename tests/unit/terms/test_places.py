"""The gazetteer. Riverside (RV) and Lowford (LF) are invented; no postcode here begins with letters in use."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trigpoint.errors import SettingsError
from trigpoint.terms.own_places import parts, to_grid
from trigpoint.terms.pack import load_pack
from trigpoint.terms.places import SCHEMA, gazetteer


@dataclass
class Area:
    code: str
    postcodes: tuple[str, ...]


RIVERSIDE = (Area("RIV", ("RV",)), Area("LOW", ("LF", "RV9")))


def look_up(areas: tuple[Area, ...] = RIVERSIDE, own: Path | None = None) -> dict[str, dict[str, Any]]:
    table = gazetteer(load_pack(), own_places=own, areas=areas)
    assert table.schema == SCHEMA
    rows = {row["key"]: row for row in table.to_pylist()}
    assert len(rows) == table.num_rows, "a key stands twice"
    return rows


def own_file(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_postcode_falls_into_its_parts() -> None:
    assert parts("rv12ab") == ("RV1 2AB", "RV1 2", "RV1", "RV")
    assert parts("RV12") == ("RV12", "RV")
    assert parts("RV1 2") == ("RV1 2", "RV1", "RV")
    assert parts("Riverside") == ()


def test_a_point_on_the_national_grid_comes_out_where_the_survey_puts_it() -> None:
    # The zero meridian at Greenwich: TQ 388 773.
    ((east, north),) = to_grid([(51.4779, -0.0015)])
    assert abs(east - 538_800) < 100
    assert abs(north - 177_300) < 100


def test_all_postcode_areas_are_there_with_a_point_to_the_kilometre() -> None:
    rows = look_up()
    bundled = [r for r in rows.values() if r["precision"] == "postcode area" and r["easting"] is not None]
    assert len(bundled) == 124
    assert all(r["easting"] % 1000 == 0 and r["northing"] % 1000 == 0 for r in bundled)
    assert {r["area"] for r in bundled} == {"elsewhere"}


def test_the_bundled_points_agree_with_the_towns_of_geonames() -> None:
    rows = look_up()
    for letters, town in (("M", "manchester"), ("CF", "cardiff"), ("NE", "newcastle upon tyne"), ("PL", "plymouth")):
        point, near = rows[letters], rows[f"NAME:{town}"]
        assert abs(point["easting"] - near["easting"]) < 5000
        assert abs(point["northing"] - near["northing"]) < 5000


def test_a_name_of_several_towns_is_left_out_unless_one_is_clearly_meant() -> None:
    rows = look_up()
    assert "NAME:richmond" not in rows
    assert rows["NAME:newport"]["easting"] < 340_000, "the city in Wales, not the town on the Isle of Wight"


def test_towns_have_no_area_near_home_and_are_elsewhere_far_away(tmp_path: Path) -> None:
    own = own_file(tmp_path, "postcode,easting,northing\nRV1 2AB,384000,398000\n")
    rows = look_up(own=own)
    assert rows["NAME:manchester"]["area"] is None
    assert rows["NAME:plymouth"]["area"] == "elsewhere"


def test_without_any_own_point_no_town_is_called_elsewhere() -> None:
    assert look_up()["NAME:plymouth"]["area"] is None


def test_own_places_override_and_fill_the_parts_around(tmp_path: Path) -> None:
    text = "postcode,easting,northing\nRV1 2AB,400000,300000\nRV1 2AC,400200,300400\nM,1,2\n"
    rows = look_up(own=own_file(tmp_path, text))
    assert rows["RV1 2AB"] == {
        "key": "RV1 2AB", "easting": 400_000, "northing": 300_000, "area": "RIV", "precision": "postcode",
    }  # fmt: skip
    assert (rows["RV1"]["easting"], rows["RV1"]["northing"], rows["RV1"]["precision"]) == (
        400_100,
        300_200,
        "district",
    )
    assert (rows["M"]["easting"], rows["M"]["northing"]) == (1, 2)


def test_the_longest_part_of_a_postcode_says_the_area(tmp_path: Path) -> None:
    text = "postcode,easting,northing\nRV9 1AA,1,1\nRV1 1AA,1,1\nQX1 1AA,1,1\n"
    rows = look_up(own=own_file(tmp_path, text))
    assert rows["RV9 1AA"]["area"] == "LOW"
    assert rows["RV1 1AA"]["area"] == "RIV"
    assert rows["QX1 1AA"]["area"] == "elsewhere"


def test_letters_that_straddle_areas_have_none() -> None:
    rows = look_up(areas=(Area("ONE", ("RV1",)), Area("TWO", ("RV2",))), own=None)
    assert rows["RV1"]["area"] == "ONE"
    assert "RV" not in rows


def test_a_named_place_may_say_its_area_and_use_degrees(tmp_path: Path) -> None:
    text = "name,latitude,longitude,area\nRiverside Bus Station,52.0,-1.0,RIV\n"
    row = look_up(own=own_file(tmp_path, text))["NAME:riverside bus station"]
    assert (row["area"], row["precision"]) == ("RIV", "place")
    assert 460_000 < row["easting"] < 480_000


def test_the_ons_directory_is_read_as_it_comes(tmp_path: Path) -> None:
    text = (
        '"pcd","pcds","dointr","oseast1m","osnrth1m","laua"\n'
        '"RV1 2AB","RV1 2AB","202001","400000","0300000","RIV"\n'
        '"QX1 2AB","QX1 2AB","202001","500000","0200000","X99999999"\n'
        '"QX1 2AC","QX1 2AC","202001","","",""\n'
    )
    rows = look_up(own=own_file(tmp_path, text))
    assert (rows["RV1 2AB"]["easting"], rows["RV1 2AB"]["area"]) == (400_000, "RIV")
    assert rows["QX1 2AB"]["area"] == "elsewhere"
    assert rows["QX1"]["area"] == "elsewhere"
    assert "QX1 2AC" not in rows


def test_the_directory_gives_areas_by_postcode_where_its_authorities_are_not_ours(tmp_path: Path) -> None:
    text = "PCDS,EAST1M,NORTH1M,LAD25CD\nRV9 2AB,400000,300000,X1\nRV1 2AB,400100,300100,X1\n"
    rows = look_up(own=own_file(tmp_path, text))
    assert (rows["RV9 2AB"]["area"], rows["RV1 2AB"]["area"]) == ("LOW", "RIV")
    assert rows["RV"]["easting"] == 400_050


def test_a_directory_without_points_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="easting, northing"):
        look_up(own=own_file(tmp_path, "pcds,laua\nRV9 2AB,X1\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither a column 'postcode' nor 'name'"),
        ("postcode,area\nRV1,RIV\n", "no columns for the point"),
        ("postcode,easting,northing\nRV1,1,2\nRV2,far,2\n", "places.csv, line 3"),
        ("postcode,easting,northing\n12345,1,2\n", "cannot be one"),
        ("postcode,easting,northing\nRV1,,\n", "has no point"),
        ("postcode,name,easting,northing\n,,1,2\n", "neither a postcode nor a name"),
        ("postcode,easting,northing,area\nRV1,1,2,NOWHERE\n", "NOWHERE"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        look_up(own=own_file(tmp_path, text))
    assert said in str(caught.value)
    assert "mend:" in str(caught.value)

"""The file of populations: read, and refused with the line and the mend."""

import pytest

from trigpoint.counts.comparing import compare_areas, of_year, read_populations
from trigpoint.errors import CountsError
from trigpoint.synthetic.populations import write_populations

HEAD = "area,year,children,source\n"
SAID = "Invented for tests"


def write(folder, text):
    path = folder / "populations.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_areas_and_small_areas_are_read(tmp_path):
    read = read_populations(
        write(tmp_path, f'{HEAD}RV,2025,"31,200",{SAID}\nRV1,2025,4100,{SAID}\nRV1 2,2025,300,{SAID}\n'), areas=["RV"]
    )
    assert [(one.area, one.children, one.small) for one in read] == [
        ("RV", 31_200, False),
        ("RV1", 4_100, True),
        ("RV1 2", 300, True),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,year,children\nRV,2025,9\n", "lacks the column source"),
        (HEAD, "no rows"),
        (f"{HEAD}RV,2025,many,{SAID}\n", "`children` cannot be 'many'"),
        (f"{HEAD}RV,2025,0,{SAID}\n", "`children` cannot be '0'"),
        (f"{HEAD}RV,2025,-4,{SAID}\n", "`children` cannot be '-4'"),
        (f"{HEAD}RV,25,40,{SAID}\n", "`year` cannot be '25'"),
        (f"{HEAD}RV,2025,40,\n", "needs its source"),
        (f"{HEAD}Rivreside,2025,40,{SAID}\n", "Did you mean 'Riverside'"),
        (f"{HEAD}RV,2025,40,{SAID}\nRV,2025,41,{SAID}\n", "stands twice for 2025, first in line 2"),
    ],
)
def test_what_cannot_be_right_is_refused_with_line_and_mend(tmp_path, text, said):
    with pytest.raises(CountsError) as caught:
        read_populations(write(tmp_path, text), areas=["RV", "Riverside"])
    assert said in str(caught.value)
    assert "mend:" in str(caught.value)
    assert "populations.csv" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(CountsError, match="cannot be read"):
        read_populations(tmp_path / "none.csv", areas=["RV"])
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00area")
    with pytest.raises(CountsError, match="cannot be read"):
        read_populations(tmp_path / "binary.csv", areas=["RV"])


def test_the_nearest_year_stands_the_later_of_two(tmp_path):
    read = read_populations(
        write(tmp_path, f"{HEAD}RV,2022,1,{SAID}\nRV,2024,2,{SAID}\nRV,2026,3,{SAID}\n"), areas=["RV"]
    )
    assert of_year(read, 2025)["RV"].children == 3
    assert of_year(read, 2023)["RV"].children == 2
    assert of_year(read, 2010)["RV"].children == 1


def test_areas_keep_their_order_and_children_without_a_population_are_said(tmp_path):
    read = read_populations(write(tmp_path, f"{HEAD}LF,2025,1000,{SAID}\nRV,2025,4000,{SAID}\n"), areas=["RV", "LF"])
    made = compare_areas({"RV": 8, "LF": 4, "elsewhere": 2}, read)
    assert [one["area"] for one in made["areas"]] == ["LF", "RV"]
    assert [one["rate"] for one in made["areas"]] == [40, 20]
    assert made["mean"] == pytest.approx(24)
    assert made["without"] == 2
    assert made["sources"] == [f"{SAID} (2025)"]


def test_an_invented_partnership_has_populations_that_say_so_and_add_up(tmp_path):
    write_populations(tmp_path, children=500)
    read = read_populations(tmp_path / "populations.csv", areas=["RV", "LF"])
    assert {one.source for one in read} == {"Invented: nobody lives there"}
    for area in ("RV", "LF"):
        districts = [one.children for one in read if one.small and one.area.startswith(area)]
        assert len(districts) > 2
        assert sum(districts) == next(one.children for one in read if one.area == area)

from __future__ import annotations

from potline.report.places import tiles_for


def test_no_two_provinces_share_a_square_and_none_is_lost() -> None:
    names = ["Inner Mongolia", "Gansu", "Shanxi", "Qinghai", "Guizhou", "Shandong", "Liaoning", "Guangxi", "Henan"]
    names += ["Ningxia", "mixed", "Xinjiang", "Yunnan", "Shaanxi", "Hunan", "Chongqing", "Sichuan", "Hubei"]
    names += ["East coast", "Northeast", "Tianjin", "Jiangsu", "Anhui"]
    tiles = tiles_for(names)
    assert {tile.name for tile in tiles} == set(names)
    assert len({(tile.column, tile.row) for tile in tiles}) == len(names)
    assert min(tile.column for tile in tiles) == min(tile.row for tile in tiles) == 0


def test_names_no_map_knows_stand_in_a_row() -> None:
    tiles = tiles_for(["Northland", "Southland"])
    assert [(tile.column, tile.row, tile.known) for tile in tiles] == [(0, 0, False), (1, 0, False)]


def test_every_province_has_a_square_of_its_own() -> None:
    china = (
        "Xinjiang Tibet Qinghai Gansu Ningxia Shaanxi Shanxi Hebei Beijing Tianjin Heilongjiang Jilin Liaoning "
        "Shandong Henan Jiangsu Shanghai Anhui Zhejiang Fujian Jiangxi Hubei Hunan Chongqing Sichuan Guizhou Yunnan "
        "Guangxi Guangdong Hainan"
    )
    tiles = tiles_for([*china.split(), "Inner Mongolia"])
    assert all(tile.known for tile in tiles)

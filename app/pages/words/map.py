"""What the map says."""

from app.domain.words import Term


class Geo(Term):
    TITLE = "title", "Bản đồ điện gió và lưới điện", "Map of wind power and grid works"
    INTRO = (
        "intro",
        "Chỉ vẽ nơi có tọa độ. Vòng rỗng nét đứt là điểm dân cư gần đó, không phải vị trí tua-bin. Nơi chưa rõ vị trí nằm ở bảng bên dưới.",
        "Only what has coordinates is drawn. A hollow dashed ring is a settlement nearby, not where turbines stand. What has no known place is in the table below.",
    )
    DRAWING = "drawing", "Bản đồ", "Map"
    DESC = (
        "desc",
        "Có {drawn} nơi được vẽ, {mw} MW đang vận hành. Bảng bên dưới có cùng số liệu.",
        "{drawn} places are drawn; {mw} MW are in operation. The table below has the same figures.",
    )
    SEA = "sea", "Biển Đông", "East Sea"
    EAST = "east", "{deg}°Đ", "{deg}°E"
    NORTH = "north", "{deg}°B", "{deg}°N"
    KM = "km", "{n} km", "{n} km"
    LEGEND = "legend", "Chú giải", "Legend"
    SIZE = "size", "Diện tích hình tròn theo MW danh định", "Circles by nominal MW"
    COAST = "coast", "Bờ biển", "Coast"
    PROVINCES = "provinces", "Ranh giới tỉnh (trước 01/07/2025)", "Province lines (before 1 July 2025)"
    LINE = "line", "Đường dây theo cột có tọa độ", "Line, by towers with coordinates"
    TURBINE = "turbine", "Tua-bin", "Turbine"
    SOURCES = (
        "sources",
        "Bờ và ranh giới: Natural Earth 1:10m (phạm vi công cộng), chính xác khoảng một km. Tâm tua-bin V1-3: © OpenStreetMap, ODbL. Điểm dân cư: GeoNames, CC-BY.",
        "Coast and lines: Natural Earth 1:10m (public domain), good to about a kilometre. Centre of the V1-3 turbines: © OpenStreetMap contributors, ODbL. Settlements: GeoNames, CC-BY.",
    )
    # States, each with its letter
    OPERATING = "operating", "Vận hành đủ", "All in operation"
    PARTLY = "partly", "Vận hành một phần", "Partly in operation"
    NONE = "none", "Chưa vận hành", "Not in operation"
    UNSPLIT = "unsplit", "MW chưa tách theo giai đoạn", "MW not split by phase"
    LETTER_OPERATING = "letter_operating", "V", "O"
    LETTER_PARTLY = "letter_partly", "M", "P"
    LETTER_NONE = "letter_none", "C", "N"
    LETTER_UNSPLIT = "letter_unsplit", "?", "?"
    # Places
    AT_TURBINES = "at_turbines", "tọa độ {n} tua-bin", "coordinates of {n} turbines"
    AT_CENTRE = "at_centre", "tâm cụm tua-bin", "centre of its turbines"
    AT_SETTLEMENT = "at_settlement", "gần đúng: điểm dân cư {name}", "approximate: settlement {name}"
    DOUBTFUL = "doubtful", "chưa chắc", "doubtful"
    UNKNOWN = "unknown", "vị trí chưa rõ", "place unknown"
    APPROXIMATE = "approximate", "Vị trí gần đúng", "Approximate place"
    # Tables
    PHASES = "phases", "Các giai đoạn", "Phases"
    STATE = "state", "Trạng thái", "State"
    OPERATING_MW = "operating_mw", "MW vận hành", "Operating MW"
    NOMINAL_MW = "nominal_mw", "MW danh định", "Nominal MW"
    COMMUNE = "commune", "Huyện, xã", "District, commune"
    PLACE = "place", "Vị trí", "Place"
    WORKS = "works", "Công trình lưới điện", "Grid works"
    WORKS_HINT = (
        "works_hint",
        "Công trình chỉ có trên bản đồ khi cột của nó có tọa độ.",
        "A work is on the map only where its towers have coordinates.",
    )
    KIND = "kind", "Loại", "Kind"
    KV = "kv", "kV", "Voltage (kV)"
    LENGTH = "length", "Dài, km", "Length, km"
    ROUTE = "route", "Từ – đến", "From – to"
    DISTRICT = "district", "Thuộc huyện", "District"
    TOWERS = "towers", "{n} cột có tọa độ", "{n} towers with coordinates"
    ALL_WORKS = "all_works", "Xem mọi công trình", "See every work"
    NO_WORKS = "no_works", "Chưa có công trình nào.", "There is no work yet."
    NO_PHASES = "no_phases", "Chưa có giai đoạn nào.", "There is no phase yet."

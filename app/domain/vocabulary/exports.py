"""Words of the open formats: the files and layers there are, and every column of them. A column means the same wherever it
stands."""

from app.domain.words import Term


class Export(Term):
    """A file of comma-separated values."""

    PROJECTS = "projects", "Dự án", "Projects"
    PHASES = "phases", "Giai đoạn, nhà máy", "Phases"
    TURBINES = "turbines", "Tua-bin", "Turbines"
    TRANCHES = "tranches", "Đợt COD", "COD tranches"
    ENTRIES = "entries", "Sổ công suất", "Entries of the capacity ledger"
    MILESTONES = "milestones", "Mốc tiến độ", "Milestones"
    GRID_WORKS = "grid-works", "Công trình lưới điện", "Grid works"
    TOWERS = "towers", "Vị trí cột", "Tower positions"
    SECTIONS = "sections", "Khoảng néo", "Tension sections"
    OBSTACLES = "obstacles", "Vướng mắc", "Obstacles"
    COMMITMENTS = "commitments", "Cam kết", "Commitments"
    CAPACITY_SERIES = "capacity-series", "Công suất theo tháng", "Capacity month by month"


class Layer(Term):
    """A collection of features with places: what OGC API - Features calls a collection."""

    PROJECTS = "projects", "Dự án", "Projects"
    PHASES = "phases", "Giai đoạn, nhà máy", "Phases"
    TURBINES = "turbines", "Tua-bin", "Turbines"
    GRID_WORKS = "grid-works", "Công trình lưới điện", "Grid works"
    TOWERS = "towers", "Vị trí cột", "Tower positions"


class LocationAccuracy(Term):
    """How exactly it is known where something stands. What has no known place has none; it is never guessed."""

    COORDINATES = "coordinates", "Tọa độ của chính nó", "Its own coordinates"
    TURBINES = "turbines", "Tâm các tua-bin có tọa độ", "Centre of its turbines with coordinates"
    PLANT = "plant", "Tâm cụm tua-bin theo nguồn", "Centre of its turbines by a source"
    SETTLEMENT = "settlement", "Điểm dân cư gần đó", "A settlement nearby"
    SETTLEMENT_DOUBTFUL = (
        "settlement_doubtful",
        "Điểm dân cư gần đó, chưa chắc",
        "A settlement nearby, doubtful",
    )
    ALL_TOWERS = "all_towers", "Qua mọi cột", "Through every tower"
    SOME_TOWERS = "some_towers", "Qua các cột có tọa độ", "Through the towers with coordinates"
    UNKNOWN = "unknown", "Vị trí chưa rõ", "Place unknown"


class ColumnType(Term):
    """What the values of a column are."""

    TEXT = "string", "chữ", "text"
    WHOLE = "integer", "số nguyên", "whole number"
    NUMBER = "number", "số thập phân", "number with decimals"
    DAY = "date", "ngày (YYYY-MM-DD)", "day (YYYY-MM-DD)"
    INSTANT = "datetime", "thời điểm UTC", "instant in UTC"
    FLAG = "boolean", "đúng hoặc sai (true, false)", "true or false"
    LIST = "list", "danh sách, ngăn bằng ;", "list, joined by ;"


class DictionaryColumn(Term):
    """A column of the data dictionary itself."""

    FILE = "file", "Tệp", "File"
    COLUMN = "column", "Cột", "Column"
    POSITION = "position", "Thứ tự cột trong tệp", "Place of the column in the file"
    TYPE = "type", "Kiểu dữ liệu", "Type of the values"
    UNIT = "unit", "Đơn vị", "Unit"
    CODES = "codes", "Các mã được dùng, ngăn bằng ;", "Allowed codes, joined by ;"
    DESCRIPTION_VI = "description_vi", "Mô tả (tiếng Việt)", "Description in Vietnamese"
    DESCRIPTION_EN = "description_en", "Mô tả (tiếng Anh)", "Description in English"


class Access(Term):
    """How what is named can be had."""

    KEY = (
        "key",
        "Chỉ đọc được qua hệ thống với khóa của đơn vị được xem.",
        "To be read in the tracker alone, with the key of an organisation that may see it.",
    )


class Publisher(Term):
    """Who publishes, where no organisation is known that does."""

    TRACKER = "tracker", "Hệ thống theo dõi tiến độ điện gió", "Wind-power commissioning tracker"

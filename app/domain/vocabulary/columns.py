"""Every column of the open formats, under the name it has in each of them, with what it says."""

from app.domain.words import Term


class Column(Term):
    """A column of a table that is exported."""

    # What a row is about
    PROJECT = "project", "Mã dự án", "Code of the project"
    PROJECT_NAME = "project_name", "Tên dự án", "Name of the project"
    PROJECT_NAME_EN = "project_name_en", "Tên dự án bằng tiếng Anh", "English name of the project"
    PHASE = "phase", "Mã giai đoạn", "Code of the phase"
    PHASE_NAME = "phase_name", "Tên giai đoạn", "Name of the phase"
    PHASE_NAME_EN = "phase_name_en", "Tên giai đoạn bằng tiếng Anh", "English name of the phase"
    TURBINE = "turbine", "Số hiệu tua-bin trong giai đoạn", "Number of the turbine in its phase"
    TRANCHE = "tranche", "Mã đợt COD", "Code of the COD tranche"
    ENTRY_ID = "entry_id", "Số của bút toán", "Number of the ledger entry"
    WORK = "work", "Mã công trình lưới", "Code of the grid work"
    WORK_NAME = "work_name", "Tên công trình lưới", "Name of the grid work"
    WORK_NAME_EN = "work_name_en", "Tên công trình lưới bằng tiếng Anh", "English name of the grid work"
    TOWER = "tower", "Số vị trí cột", "Number of the tower position"
    SECTION = "section", "Số khoảng néo", "Number of the tension section"
    OBSTACLE_ID = "obstacle_id", "Số của vướng mắc", "Number of the obstacle"
    COMMITMENT_ID = "commitment_id", "Số của cam kết", "Number of the commitment"
    SUBJECT = "subject", "Loại đối tượng", "Kind of the subject"
    SUBJECT_CODE = "subject_code", "Mã đối tượng", "Code of the subject"
    MILESTONE = "milestone", "Mã mốc trong đối tượng", "Code of the milestone in its subject"
    MILESTONE_NAME = (
        "milestone_name",
        "Tên mốc theo ngôn ngữ được hỏi",
        "Name of the milestone, in the language asked for",
    )
    # Who and where
    INVESTOR = "investor", "Mã chủ đầu tư", "Code of the investor"
    INVESTOR_NAME = "investor_name", "Tên chủ đầu tư", "Name of the investor"
    OWNER = "owner", "Mã đơn vị quản lý công trình", "Code of the owner of the work"
    OWNER_NAME = "owner_name", "Tên đơn vị quản lý công trình", "Name of the owner of the work"
    ORGANISATION = "organisation", "Mã đơn vị đã ghi", "Code of the organisation that recorded it"
    DISTRICT = "district", "Mã huyện", "Code of the district"
    DISTRICT_NAME = "district_name", "Tên huyện", "Name of the district"
    COMMUNE = "commune", "Xã", "Commune"
    LATITUDE = "latitude", "Vĩ độ, WGS 84", "Latitude, WGS 84"
    LONGITUDE = "longitude", "Kinh độ, WGS 84", "Longitude, WGS 84"
    LOCATION_ACCURACY = (
        "location_accuracy",
        "Vị trí được biết chính xác đến đâu",
        "How exactly the place is known",
    )
    LOCATED = "towers_located", "Số cột có tọa độ", "Towers with coordinates"
    RESPONSIBLE = "responsible", "Đơn vị phải xử lý", "Who must act"
    RESPONSIBLE_NAME = "responsible_name", "Tên cụ thể của đơn vị phải xử lý", "Which one must act"
    # Size
    NOMINAL_MW = "nominal_mw", "Công suất danh định", "Size on paper"
    NAMEPLATE_MW = "nameplate_mw", "Công suất tua-bin", "Size of the turbine"
    TURBINE_COUNT = "turbine_count", "Số tua-bin", "Number of turbines"
    TURBINE_MODEL = "turbine_model", "Loại tua-bin", "Model of the turbine"
    VOLTAGE_KV = "voltage_kv", "Điện áp", "Voltage"
    LENGTH_KM = "length_km", "Chiều dài tuyến", "Length of the line"
    LENGTH_M = "length_m", "Chiều dài khoảng néo", "Length of the section"
    TOWERS_TOTAL = "towers_total", "Tổng số vị trí cột", "Tower positions in all"
    SECTIONS_TOTAL = "sections_total", "Tổng số khoảng néo", "Tension sections in all"
    POSITION = "position", "Thứ tự dọc tuyến, từ 1", "Place along the line, from 1"
    FROM_TOWER = "from_tower", "Từ cột", "From tower"
    TO_TOWER = "to_tower", "Đến cột", "To tower"
    IS_TENSION = "is_tension", "Là cột néo", "Whether it is a tension tower"
    # The ladder: each is a measure of its own, and they are never added
    PLANNED_MW = "planned_mw", "Công suất theo quy hoạch", "Planned capacity"
    APPROVED_MW = "approved_mw", "Công suất theo chủ trương đầu tư", "Capacity of the investment policy"
    CONNECTED_MW = "connected_mw", "Công suất theo thỏa thuận đấu nối", "Capacity of the connection agreement"
    PPA_MW = "ppa_mw", "Công suất theo hợp đồng mua bán điện", "Capacity of the power purchase agreement"
    INSTALLED_MW = "installed_mw", "Công suất đã lắp đặt", "Installed capacity"
    ENERGISED_MW = "energised_mw", "Công suất đã đóng điện", "Energised capacity"
    SYNCHRONISED_MW = "synchronised_mw", "Công suất đã hòa lưới", "Synchronised capacity"
    TESTING_MW = "testing_mw", "Công suất đang thử nghiệm", "Capacity under test"
    TESTED_MW = "tested_mw", "Công suất thử nghiệm đạt", "Capacity that passed its tests"
    ACCEPTED_MW = "accepted_mw", "Công suất được chấp thuận nghiệm thu", "Capacity accepted by the State"
    LICENSED_MW = "licensed_mw", "Công suất được cấp phép", "Licensed capacity"
    OPERATING_MW = (
        "operating_mw",
        "Công suất vận hành thương mại (COD), trừ tạm ngừng và hủy",
        "Commercially operating capacity, net of suspended and cancelled",
    )
    RECOGNISED_MW = "recognised_mw", "Công suất đã công nhận COD (gộp)", "Recognised capacity, gross"
    SUSPENDED_MW = "suspended_mw", "Công suất tạm ngừng", "Suspended capacity"
    CANCELLED_MW = "cancelled_mw", "Công suất đã hủy", "Cancelled capacity"
    AT_RISK_MW = (
        "at_risk_mw",
        "Công suất có điều kiện, trong phần vận hành",
        "Capacity at risk, part of operating",
    )
    DECLARED_MW = (
        "declared_mw",
        "Công suất khai báo chờ xác nhận; trống khi không được xem",
        "Declared capacity waiting for its second key; empty where it may not be seen",
    )
    DISPUTED_MW = (
        "disputed_mw",
        "Công suất đang không thống nhất; trống khi không được xem",
        "Disputed capacity; empty where it may not be seen",
    )
    TRANCHE_MW = "tranche_mw", "Công suất của đợt", "Capacity of the tranche"
    ENTRY_MW = (
        "entry_mw",
        "Công suất của bút toán, phần tăng thêm",
        "Capacity that the entry states, an increment",
    )
    PLAN_MW = "plan_mw", "Công suất theo kế hoạch COD", "Capacity by planned COD"
    TARGET_MW = "target_mw", "Mục tiêu", "Target"
    # Days
    ON = "on", "Ngày cuối kỳ", "Last day of the period"
    PLANNED_COD_ON = "planned_cod_on", "Ngày COD dự kiến", "Planned day of COD"
    EFFECTIVE_ON = "effective_on", "Ngày hiệu lực", "Day it takes effect"
    PRECISION = "precision", "Ngày hiệu lực chính xác đến đâu", "How exactly that day is known"
    VALID_UNTIL = "valid_until", "Hiệu lực đến hết ngày", "Last day of its validity"
    DECLARED_ON = "declared_on", "Ngày khai báo", "Day it was declared"
    APPLICATION_ON = "application_on", "Ngày đề nghị", "Day of the application"
    RECORDED_AT = "recorded_at", "Thời điểm ghi vào hệ thống", "When it was recorded"
    REVISION = "revision", "Số phiên bản trong nhật ký", "Revision of the journal"
    INSTALLED_ON = "installed_on", "Ngày lắp xong", "Day it was installed"
    ENERGISED_ON = "energised_on", "Ngày đóng điện", "Day it was energised"
    SYNCHRONISED_ON = "synchronised_on", "Ngày hòa lưới", "Day it was synchronised"
    TESTED_ON = "tested_on", "Ngày thử nghiệm đạt", "Day it passed its tests"
    BASELINE_ON = "baseline_on", "Mốc cơ sở", "Baseline"
    BASELINE_PRECISION = "baseline_precision", "Độ chính xác của mốc cơ sở", "Precision of the baseline"
    PLAN_ON = "plan_on", "Kế hoạch hiện hành", "Current plan"
    PLAN_PRECISION = "plan_precision", "Độ chính xác của kế hoạch", "Precision of the plan"
    FORECAST_ON = "forecast_on", "Dự báo", "Forecast"
    FORECAST_PRECISION = "forecast_precision", "Độ chính xác của dự báo", "Precision of the forecast"
    ACTUAL_ON = "actual_on", "Thực tế", "Actual"
    ACTUAL_PRECISION = "actual_precision", "Độ chính xác của ngày thực tế", "Precision of the actual"
    RAISED_ON = "raised_on", "Ngày nêu", "Day it was raised"
    MADE_ON = "made_on", "Ngày cam kết", "Day it was promised"
    FIRST_DUE_ON = "first_due_on", "Hạn cam kết ban đầu", "Day promised first"
    DUE_ON = "due_on", "Hạn", "Due day"
    CLOSED_ON = "closed_on", "Ngày giải quyết xong", "Day it was closed"
    WITHDRAWN_ON = "withdrawn_on", "Ngày rút", "Day it was withdrawn"
    # States
    SITING = "siting", "Nơi đặt tua-bin", "Where the turbines stand"
    STAGE = "stage", "Tình trạng dự án, như báo cáo", "Stage of the project, as reported"
    WORK_KIND = "work_kind", "Loại công trình lưới", "Kind of the grid work"
    TRANCHE_STATUS = "tranche_status", "Tình trạng đợt COD", "Where the tranche stands"
    ENTRY_KIND = "entry_kind", "Loại bút toán", "What the entry does"
    MEASURE = "measure", "Bậc công suất", "Measure of the ladder"
    REVERSES = "reverses", "Bút toán được điều chỉnh", "Number of the entry that it reverses"
    TURBINES = "turbines", "Các tua-bin", "Turbines"
    PRICE_REGIME = "price_regime", "Cơ chế giá", "Price regime"
    LETTER_NUMBER = "letter_number", "Số văn bản", "Number of the letter"
    LETTER_ON = "letter_on", "Ngày văn bản", "Day of the letter"
    LETTER_ISSUER = "letter_issuer", "Cơ quan ban hành", "Issuer of the letter"
    VERIFICATION = "verification", "Xác nhận ngày thực tế", "Where the actual stands between its two keys"
    IS_APPLICABLE = "is_applicable", "Có áp dụng", "Whether it applies"
    MOVES = "moves", "Số lần lùi", "How often it was moved"
    LATE_DAYS = "late_days", "Số ngày chậm so với mốc đã hứa", "Days after the promised day"
    OBSTACLE_KIND = "obstacle_kind", "Loại vướng mắc", "What the obstacle is about"
    TITLE = "title", "Nội dung", "What it says"
    POSTPONEMENTS = "postponements", "Số lần lùi hạn", "How often its deadline was moved"
    PROMISED_STAGE = "promised_stage", "Bước được cam kết", "Stage that is promised"
    UNITS = "units", "Các vị trí, khoảng được nêu", "Units that are named"
    COMMITMENT_STATE = "commitment_state", "Kết quả cam kết", "What became of the commitment"
    SITE_STATUS = "site_status", "Bàn giao mặt bằng móng", "Handover of the site"
    SITE_SINCE_ON = "site_since_on", "Mặt bằng móng như vậy từ ngày", "Since when the site stands so"
    FOUNDATION_STATUS = "foundation_status", "Đúc móng", "Foundation"
    FOUNDATION_SINCE_ON = "foundation_since_on", "Móng như vậy từ ngày", "Since when the foundation stands so"
    STEEL_STATUS = "steel_status", "Cấp cột đến vị trí", "Delivery of the steel"
    STEEL_SINCE_ON = "steel_since_on", "Cấp cột như vậy từ ngày", "Since when the steel stands so"
    ERECTION_STATUS = "erection_status", "Dựng cột", "Erection"
    ERECTION_SINCE_ON = "erection_since_on", "Dựng cột như vậy từ ngày", "Since when the erection stands so"
    CORRIDOR_STATUS = "corridor_status", "Bàn giao hành lang", "Handover of the corridor"
    CORRIDOR_SINCE_ON = "corridor_since_on", "Hành lang như vậy từ ngày", "Since when the corridor stands so"
    STRINGING_STATUS = "stringing_status", "Kéo dây", "Stringing"
    STRINGING_SINCE_ON = "stringing_since_on", "Kéo dây như vậy từ ngày", "Since when the stringing stands so"
    # How it is known
    IN_TOTALS = "in_totals", "Có tính vào tổng của tỉnh", "Whether it counts in the totals of the province"
    IS_ILLUSTRATIVE = "is_illustrative", "Số liệu minh họa", "Whether it is made up for illustration"
    CONFIDENCE = "confidence", "Độ tin cậy của nguồn", "How well it is known"
    SOURCES = "sources", "Mã các nguồn công bố", "Codes of the public sources"

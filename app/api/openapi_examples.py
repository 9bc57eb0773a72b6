"""Examples for the OpenAPI document, by the name of the schema: what is sent. Codes, names and MW are those of the real
register; letters, days and persons are made up, and marked so wherever there is room for a mark."""

from typing import Any

from app.api.openapi_answers import ANSWERS

MADE_UP = "Minh họa. Illustrative."
LETTER = {
    "letter_number": "0000/EPTC-KDMĐ (minh họa)",
    "letter_on": "2023-02-06",
    "letter_issuer": "Công ty Mua bán điện",
}
SENT: dict[str, Any] = {
    "ActualConfirm": {"actual_on": "2023-01-31", "note": MADE_UP},
    "ActualDispute": {"note": "Biên bản chưa có chữ ký của đơn vị vận hành. " + MADE_UP},
    "BaselineSet": {"baseline_on": "2023-06-30", **LETTER, "note": MADE_UP},
    "ClearanceChange": {"name": "Thu hồi đất móng trụ, xã Giao Long, ĐZ 110kV Giao Long - Phú Thuận"},
    "ClearanceCreate": {
        "code": "land-giao-long-phu-thuan-giao-long",
        "name": "Thu hồi đất móng trụ, xã Giao Long, ĐZ 110kV Giao Long - Phú Thuận",
        "track": "recovered_land",
        "work": "line-giao-long-phu-thuan",
        "district": "chau-thanh",
        "commune": "xa-giao-long",
        "is_illustrative": True,
    },
    "CommitIn": {"conflicts": "mine"},
    "CommitmentMake": {
        "work": "line-giao-long-phu-thuan",
        "stage": "site",
        "units": ["14", "15", "16"],
        "responsible": "UBH",
        "responsible_name": "UBND huyện Châu Thành",
        "due_on": "2023-02-28",
        "is_illustrative": True,
    },
    "CommitmentPostpone": {"due_on": "2023-03-15", "reason": "Chờ chi trả sau Tết. " + MADE_UP},
    "CommitmentWithdraw": {"reason": "Nhập hai lần. " + MADE_UP},
    "ConnectionPut": {"kind": "evacuation", "is_illustrative": True, "note": MADE_UP},
    "CountReport": {
        "stage": "foundation",
        "done": 12,
        "total": 40,
        "reported_on": "2023-02-03",
        "is_illustrative": True,
    },
    "Dismissal": {"reason": "EVN SPC gửi nhầm công trình của tỉnh khác. " + MADE_UP},
    "DocumentChange": {"valid_until": "2024-12-31"},
    "DocumentCreate": {
        "number": "00/GP-ĐTĐL (minh họa)",
        "kind": "licence",
        "issuer": "Cục Điều tiết điện lực",
        "issued_on": "2023-01-10",
        "subject": "phase",
        "subject_code": "thanh-hai-1",
        "note": MADE_UP,
    },
    "EndpointChange": {"events": ["cod.*", "milestone.moved"]},
    "EndpointCreate": {
        "url": "https://example.com/webhooks/tracker",
        "events": ["cod.*"],
        "description": MADE_UP,
    },
    "EvacuationGroupChange": {"name": "Lưới 110 kV Bến Tre hiện hữu"},
    "EvacuationGroupCreate": {
        "code": "existing-substations",
        "name": "Các trạm 110 kV hiện hữu",
        "name_en": "The existing 110 kV substations",
        "owner": "evn-spc",
        "is_illustrative": True,
    },
    "EvacuationLimitState": {
        "capacity_mw": 149,
        "condition": "existing",
        "valid_from": "2023-02-07",
        "note": "149 MW: cuộc họp ngày 07/02/2023. The meeting of 7 February 2023.",
    },
    "EvacuationLimitWithdraw": {"reason": "Nhập nhầm nút. " + MADE_UP},
    "EvacuationPathPut": {"is_illustrative": True, "note": MADE_UP},
    "GridWorkChange": {"length_km": 16.5, "note": MADE_UP},
    "GridWorkCreate": {
        "code": "line-giao-long-phu-thuan",
        "kind": "line",
        "name": "Đường dây 110kV Giao Long - Phú Thuận",
        "owner": "evn-spc",
        "voltage_kv": 110,
        "circuits": 2,
    },
    "HouseholdBatch": {
        "rows": [
            {
                "clearance": "land-giao-long-phu-thuan-giao-long",
                "number": "T001",
                "status": "inventoried",
                "attitude": "agrees",
                "effective_on": "2022-09-10",
                "is_illustrative": True,
            }
        ]
    },
    "HouseholdPut": {
        "unit": {"kind": "tower", "number": "1"},
        "status": "paid",
        "approved_vnd": 48_000_000,
        "paid_vnd": 48_000_000,
        "effective_on": "2023-01-16",
        "is_illustrative": True,
    },
    "InstanceCreate": {"label": "Gia hạn lần 1"},
    "KeyCreate": {
        "organisation": "evn-spc",
        "role": "evn_spc",
        "login": "he-thong-tien-do",
        "label": "Hệ thống tiến độ",
        "days": 365,
    },
    "LinkCreate": {"label": "Lịch của phòng dự án"},
    "MeasureCorrection": {"capacity_mw": 29.4, "reason": "Đếm lại tua-bin. " + MADE_UP},
    "MeasureRecord": {
        "measure": "installed",
        "capacity_mw": 29.4,
        "effective_on": "2021-10-31",
        "precision": "by",
        "sources": ["HND2022"],
        "confidence": "inferred",
    },
    "MilestoneBatch": {
        "rows": [
            {
                "subject": "phase",
                "subject_code": "thanh-hai-3",
                "milestone": "W-E6",
                "forecast_on": "2023-06-30",
                "cause": "weather",
                "note": MADE_UP,
            }
        ]
    },
    "MilestoneChange": {"forecast_on": "2023-06-30", "cause": "weather", "note": MADE_UP},
    "ObstacleChange": {"due_on": "2023-03-10"},
    "ObstacleClose": {"outcome": "Ba hộ đã nhận tiền và bàn giao. " + MADE_UP},
    "ObstaclePostpone": {"due_on": "2023-03-31", "reason": "Chờ phê duyệt đơn giá. " + MADE_UP},
    "ObstacleRaise": {
        "kind": "land_price",
        "title": "Chưa thống nhất đơn giá bồi thường tại vị trí 14",
        "subject": "grid_work",
        "subject_code": "line-giao-long-phu-thuan",
        "responsible": "UBH",
        "due_on": "2023-02-28",
        "is_illustrative": True,
    },
    "ObstacleReassign": {"responsible": "UBT", "reason": "Vượt thẩm quyền của huyện. " + MADE_UP},
    "ObstacleReopen": {"reason": "Một hộ rút lại. " + MADE_UP},
    "OrganisationChange": {"name_en": "Renewable Energy Ben Tre"},
    "OrganisationCreate": {
        "code": "nang-luong-tai-tao-ben-tre",
        "kind": "investor",
        "name": "Công ty CP Năng lượng tái tạo Bến Tre",
    },
    "PhaseChange": {"turbine_count": 7, "turbine_mw": 4.2},
    "PhaseCreate": {
        "code": "v1-3",
        "project": "v1-3",
        "name": "Nhà máy điện gió V1-3 Bến Tre",
        "nominal_mw": 30,
        "turbine_count": 7,
        "turbine_mw": 4.2,
        "sources": ["HND2022"],
    },
    "ProgressReportSubmit": {"narrative": "Đã dựng xong 7 tua-bin; còn chờ thí nghiệm. " + MADE_UP},
    "ProjectChange": {"stage": "operating"},
    "ProjectCreate": {
        "code": "v1-3",
        "name": "Nhà máy điện gió V1-3 Bến Tre",
        "name_en": "Ben Tre V1-3 wind farm",
        "investor": "nang-luong-tai-tao-ben-tre",
        "district": "ba-tri",
        "siting": "nearshore",
        "stage": "operating",
        "sources": ["HND2022"],
    },
    "Replay": {"from_revision": 41},
    "SectionPut": {
        "from_tower": "1",
        "to_tower": "4",
        "reports": [
            {"stage": "corridor", "status": "done", "effective_on": "2023-01-20", "is_illustrative": True}
        ],
    },
    "TargetChange": {"due_on": "2023-12-31"},
    "TargetCreate": {
        "code": "377mw-2023",
        "name": "Ít nhất 377 MW điện gió vận hành thương mại năm 2023",
        "capacity_mw": 377,
        "due_on": "2023-12-31",
    },
    "TemplateApply": {"is_illustrative": True},
    "TotalState": {
        "kind": "tower",
        "total": 40,
        "effective_on": "2023-01-01",
        "reason": "Thiết kế điều chỉnh. " + MADE_UP,
        "is_illustrative": True,
    },
    "TowerPut": {
        "position": 14,
        "is_tension": False,
        "commune": "xa-giao-long",
        "reports": [
            {"stage": "site", "status": "done", "effective_on": "2023-02-03", "is_illustrative": True}
        ],
    },
    "TrancheAmend": {"effective_on": "2023-02-06", "reason": "Sự cố máy biến áp. " + MADE_UP, **LETTER},
    "TrancheConfirm": {**LETTER, "note": MADE_UP},
    "TrancheCorrect": {"capacity_mw": 4.2, "reason": "Nhầm số tua-bin. " + MADE_UP, **LETTER},
    "TrancheDeclare": {
        "capacity_mw": 4.2,
        "effective_on": "2023-01-31",
        "turbines": ["T1"],
        "letter_number": "00/BC (minh họa)",
        "letter_on": "2023-02-01",
        "letter_issuer": "Chủ đầu tư",
        "is_illustrative": True,
    },
    "TrancheDispute": {"reason": "Mới thử nghiệm xong một tua-bin. " + MADE_UP, "capacity_mw": 4.2},
    "TrancheSettle": {"effective_on": "2023-02-06", "reason": "Đã bổ sung biên bản. " + MADE_UP, **LETTER},
    "TrancheWithdraw": {"reason": "Khai nhầm giai đoạn. " + MADE_UP},
    "TurbineChange": {"tested_on": "2022-12-20", "note": MADE_UP},
    "TurbineCreate": {"number": "T1", "model": "Vestas", "nameplate_mw": 4.2, "siting": "nearshore"},
    "UnitBatch": {
        "rows": [
            {"kind": "tower", "number": "14", "position": 14, "commune": "xa-giao-long", "is_illustrative": True},
            {"kind": "section", "number": "K3", "from_tower": "10", "to_tower": "14", "is_illustrative": True},
        ]
    },
    "UserChange": {"is_active": False},
    "UserCreate": {"organisation": "evn-spc", "role": "evn_spc", "login": "dieu-do"},
}  # fmt: skip
EXAMPLES: dict[str, Any] = {**SENT, **ANSWERS}

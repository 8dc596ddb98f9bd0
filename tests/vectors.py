"""The six signature vectors: computed with an independent script, confirmed by the official Python SDK 1.0.10."""

SECRET_ID = "AKIDEXAMPLE0001"
SECRET_KEY = "EXAMPLE-SECRET-KEY-0001"
_M = "/v1/meetings/7567173273889276131"

VECTORS = [
    ("GET", "1001", "1760000001", f"{_M}?userid=tester1&instanceid=1", "", 132,
     "NGUxOGUxNDEzNTA1OWYyNzU3MmMwYjEwYzUzOTlkNjNhOTY5MDQyMTFjYjc1YTQ1ZmYzNGYyYWE3MjhlNzcyMw=="),
    ("POST", "1002", "1760000002", "/v1/meetings",
     '{"userid":"tester","instanceid":1,"subject":"腾讯会议 周会","type":0,'
     '"start_time":"1760003600","end_time":"1760007200"}', 210,
     "MTNiZGQ2M2YzMjA4NDFiYjFlYmJhMDUwMTdjNzIyODMzNzE4YjE4YjRkZWFiNzQ1MmVhODY2N2Y1ZWI3N2E5NA=="),
    ("PUT", "1003", "1760000003", _M, '{"userid":"tester","instanceid":1,"subject":"renamed"}', 158,
     "YWI0ZWVjOWI5MDBkODMwYjU4ODFlYzQ3MDlmOWU5MWM1MGRjYTM5MTNmM2U0ZGM0ZWQ5MDYyMmE1MGE0OWE4OQ=="),
    ("DELETE", "1004", "1760000004", f"{_M}/enroll/unregistration",
     '{"operator_id":"tester","operator_id_type":1,"instanceid":1,"enroll_id_list":[{"enroll_id":12345}]}', 228,
     "NTYyYmE4NjliNWQyYWMxMGFlOTE2OWI3Y2M3NGE4YTY3ZWQxZTFhYzM1ZTI1MWNlN2IxMjNlMDY2ZmNmYmMwOA=="),
    ("POST", "1005", "1760000005", f"{_M}/cancel", "", 112,
     "MjczMjZmMGQyMGI2YTU5MzUwZmM3ZDc1ZTRiNjM2OGFkMWVjODUwYWNhZjBiNGQwM2Q3ZTA0NGYyZWY2ZmQwMA=="),
    ("GET", "1760000006123456789", "1760000006",
     "/v1/history/meetings/zhang%20san%2B%E5%BC%A0?page_size=20&page=1&meeting_code=806146667&note=123%2B123", "", 189,
     "MWVkZmJlMzlhYmZkODJiOWI0NzQ3N2I0ZmNiNzJjOWIxZGFjNGUzYjhkN2FiMTdjNDgwNjE0YTMwYjE3ZWE5OA=="),
]  # fmt: skip

"""The Chinese of the command `rooms`."""

from collections.abc import Mapping

__all__ = ["HELP", "TEXTS"]

HELP: Mapping[str, str] = {
    "rooms": "会议室及其设备。",
    "rooms watch": """显示会议室、设备和告警，直到 Ctrl-C：有问题的排在前面。

在终端上显示表格；否则每个会议室一行 JSON，此后每当有变化再写一行。每查看一次，每 50 个会议室、每 50 台设备、每 50 台告警设备各调用一次；平台每五分钟检查一次设备。某次查看失败时写到标准错误，随后照常继续。

用于监控时请加 --once。

\b
退出码：
  0    使用 --once：一切正常
  1    使用 --once：有设备离线、告警或部件故障
  2    用法或配置有误
  3    第一次查看失败
  130  被 Ctrl-C 停止
""",
}

TEXTS: Mapping[str, str] = {
    "Meeting rooms and their devices.": "会议室及其设备。",
    "Watch rooms, devices and alarms.": "查看会议室、设备和告警。",
    "The administrator who asks.": "查询的管理员。",
    "Only rooms whose names are like this.": "只查看名称相近的会议室。",
    "Seconds between looks.": "两次查看之间的秒数。",
    "Look once; the exit code says whether something is wrong.": "只查看一次；退出码说明是否有问题。",
    "JSON lines on a terminal, too.": "在终端上也输出 JSON Lines。",
    "can't look: {error}": "无法查看：{error}",
    "{rooms} rooms, {bad} with trouble, {time}": "{rooms} 个会议室，{bad} 个有问题，{time}",
    "Room": "会议室",
    "Location": "地址",
    "State": "状态",
    "Devices": "设备",
    "Trouble": "问题",
    "not activated": "未激活",
    "not bound": "未绑定",
    "free": "空闲",
    "in use": "使用中",
    "offline": "离线",
    "not signed in": "未登录",
    "camera": "摄像头",
    "microphone": "麦克风",
    "speaker": "扬声器",
    "{part} is out of order": "{part}故障",
}

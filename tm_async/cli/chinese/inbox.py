"""The Chinese for `tm-async webhook work`, `status`, `dead` and `replay`: help by command, texts by the English."""

from collections.abc import Mapping

__all__ = ["HELP", "TEXTS"]

HELP: Mapping[str, str] = {
    "webhook work": """用模块 MODULE 中的 Webhooks 对象 HOOKS 的处理函数，处理其收件箱中的事件，直到 Ctrl-C。

可以同时运行任意多个。收到 Ctrl-C 或 SIGTERM 后不再开始新的处理，正在进行的有 30 秒时间结束；没有结束的由下一个进程处理。再按一次则立即中断。

\b
退出码：
  0    正常结束
  1    处理进程出现故障
  2    用法或配置有误；使用 --once 时，也包括收件箱不可用
""",
    "webhook status": """对每个处理函数，显示收件箱 INBOX 中处于各状态的事件数。

\b
new     等待处理：现在，或到下次尝试的时间
sent    已交给消息队列
leased  正在处理，或者其进程结束时正在处理
done    已处理
dead    尝试次数过多而放弃：见 "dead" 和 "replay --dead"

没有处理函数的事件：还没有进程见到它，或者没有处理函数要它。有被放弃的事件时退出码为 1，否则为 0。
""",
    "webhook dead": """对收件箱 INBOX 中每个被放弃的事件，按到达顺序输出一行 JSON。

其中不含事件的内容。"replay --dead" 让它们再次得到处理。
""",
    "webhook replay": """让 SOURCE 中的事件再次得到处理，或者发送给接收端。

SOURCE 是收件箱（文件，或 redis://、postgresql:// 地址），或者 "listen" 的日志文件。

不给 --to 时，收件箱中已处理或已放弃的事件重新等待处理：用 --dead、--event 或 --since 说明是哪些。给出 --to 时，按平台的方式把推送发到该地址，密钥来自 TENCENT_MEETING_WEBHOOK_TOKEN 和 _WEBHOOK_AES_KEY。接收端已有的事件不会再次处理。

\b
退出码：
  0  完成
  1  有的未被该地址接受，或其内容已不再保留
  2  用法或配置有误
""",
}

TEXTS: Mapping[str, str] = {
    # --- commands and options
    "Handle the events of an inbox.": "处理收件箱中的事件。",
    "Tell how far the events of an inbox are.": "显示收件箱中事件的进度。",
    "List the events that were given up.": "列出被放弃的事件。",
    "Have events handled or sent once more.": "让事件再次得到处理或发送。",
    "Another inbox than that of HOOKS: a path, or a redis:// or postgresql:// URL.": (
        "使用另一个收件箱，而不是 HOOKS 的：路径，或 redis://、postgresql:// 地址。"
    ),
    "Events that each handler works on at a time.": "每个处理函数同时处理的事件数。",
    "Handle what is due now, and end.": "处理现在到期的事件，然后结束。",
    "Only these: a name, or a pattern: recording.*": "只要这些：名称，或模式 recording.*",
    "Only what came since a time, or 90m, 2h, 7d ago.": "只要某时刻以来收到的，或 90m、2h、7d 以来的。",
    "Only dead letters.": "只要被放弃的。",
    "Send them there, signed and encrypted anew.": "重新签名、加密后发送到该地址。",
    "With --to: in random order, not as they came.": "与 --to 一起：按随机顺序，而不是到达的顺序。",
    "Only tell which.": "只显示是哪些。",
    # --- what is told
    "{count} handled": "已处理 {count} 个",
    "working": "开始处理",
    "no events": "没有事件",
    "(none)": "（无）",
    "handler": "处理函数",
    "{count} will be handled again": "{count} 个将再次处理",
    "{count} not kept any more": "{count} 个已不再保留",
    "is not kept any more": "已不再保留",
    "was not accepted: {why}": "未被接受：{why}",
    "{count} of {all} accepted": "{all} 个中有 {count} 个被接受",
    # --- what is refused
    "There is no inbox {path}.": "没有收件箱 {path}。",
    "{given!r} must be MODULE:NAME, such as app.events:hooks.": "{given!r} 应为 MODULE:NAME，例如 app.events:hooks。",
    "There is no module {name} in this directory or on Python's path.": "本目录和 Python 路径中都没有模块 {name}。",
    "There is no {name} in {module}.": "{module} 中没有 {name}。",
    "{name} in {module} is no Webhooks, but {kind}.": "{module} 中的 {name} 不是 Webhooks，而是 {kind}。",
    "A Router has no inbox: give --inbox.": "Router 没有收件箱：请给出 --inbox。",
    "--shuffle goes with --to: an inbox keeps the order of its subjects.": (
        "--shuffle 要与 --to 一起使用：收件箱会保持每个会议的顺序。"
    ),
    "A journal has no dead letters.": "日志文件中没有被放弃的事件。",
    "A journal is replayed to a receiver: give --to.": "日志文件只能发送给接收端：请给出 --to。",
    "Say which events are to be handled again: --dead, --event or --since.": (
        "请说明要再次处理哪些事件：--dead、--event 或 --since。"
    ),
    "no event is known that {pattern} fits": "没有已知事件符合 {pattern}",
    "no event is known that {pattern} fits; did you mean {name}?": "没有已知事件符合 {pattern}；是否想写 {name}？",
    "{text} must be a date, a date and time like 2027-01-05T10:00, or how long ago, like 90m, 2h, 7d": (
        "{text} 应为日期、日期时间（如 2027-01-05T10:00）或多久之前（如 90m、2h、7d）"
    ),
}

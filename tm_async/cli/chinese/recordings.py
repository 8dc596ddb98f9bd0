"""The Chinese of the command `recordings`."""

from collections.abc import Mapping

__all__ = ["HELP", "TEXTS"]

HELP: Mapping[str, str] = {
    "recordings": "录制及其文件。",
    "recordings list": """列出用户可见的云录制，最早的在前。

在终端上显示表格；否则每个录制一行 JSON，含其文件。用户无权查看的录制，网关会直接略去，不作说明。没有时区偏移的时间按本机时区。

\b
退出码：
  0    完成
  1    网关拒绝，或没有明确答复
  2    用法或配置有误；没有发送任何内容
""",
    "recordings download": """把用户的云录制文件下载到 DIR，并从上次中断处继续。

完整的文件才有正式名称；未完成的在旁边，名为 NAME.part。无论上次如何结束，哪怕崩溃，用同一命令即可继续：已有的不再下载，下载了一部分的只取其余。哪个文件叫什么名字，在下载开始前就写入 DIR/.tm-async-recordings.jsonl，因此名称不变。

\b
名称模板可用的字段；只有 start 可带格式（同 strftime），为本机时间：
  start, subject, host, meeting_code,
  meeting_id, meeting_record_id, record_file_id, kind

文件系统不接受的字符（包括斜杠）变为 "_"，名称重复时加编号。转写和纪要以 .transcript.txt 和 .minutes.txt 结尾，或按其实际格式。

企业在 2026-01-16 及以后创建的应用，取纪要需要 STS Token，它只通过事件发给应用：用环境变量中的那个，或应用保存在 --sts-store 中的。

标准输出不是终端时，每个文件的结果为一行 JSON。某一类文件不存在时会说明；没有 --strict 就不算失败。

\b
退出码：
  0    已有的文件都已下载
  1    有失败；结束时说明是哪些
  2    用法或配置有误，或 DIR 无法写入；没有发送任何内容
  130  被 Ctrl-C 停止；下次从中断处继续
""",
}

TEXTS: Mapping[str, str] = {
    "Recordings and their files.": "录制及其文件。",
    "List recordings.": "列出录制。",
    "Fetch the files of recordings into a directory.": "把录制文件下载到目录。",
    "Whose recordings; who asks. With --oauth: the user who logged in.": "谁的录制，也是查询者。使用 --oauth 时：已登录的用户。",
    "From a date or time on, or 7d ago. Default: 30 days.": "从某个日期或时间起，或 7d 之前起。默认：30 天。",
    "To a date or time. Default: now.": "到某个日期或时间为止。默认：现在。",
    "Where they go; it is made if need be.": "保存位置；不存在时创建。",
    "Of video, audio, transcript, minutes, separated by commas.": "video、audio、transcript、minutes 中的若干种，用逗号分隔。",
    "How files are named.": "文件名模板。",
    "Downloads under way.": "同时进行的下载数。",
    "What is not there, or not yet, counts as failed.": "不存在或尚未生成的也算失败。",
    "Where an application keeps its STS tokens. Default: the token TENCENT_MEETING_STS_TOKEN, if any.": "应用保存 STS Token 的目录。默认：TENCENT_MEETING_STS_TOKEN 中的 Token（如有）。",
    "--sts-store is for the app of an enterprise, not for --oauth.": "--sts-store 用于企业应用，不能与 --oauth 同用。",
    "an app that was made on 2026-01-16 or later needs an STS token here: set TENCENT_MEETING_STS_TOKEN, or give --sts-store": "在 2026-01-16 及以后创建的应用，此处需要 STS Token：请设置 TENCENT_MEETING_STS_TOKEN，或给出 --sts-store",
    "an app that was made on 2026-01-16 or later needs an STS token here: set TENCENT_MEETING_STS_TOKEN": "在 2026-01-16 及以后创建的应用，此处需要 STS Token：请设置 TENCENT_MEETING_STS_TOKEN",
    "TENCENT_MEETING_STS_TOKEN must be printable ASCII, as a header is": "TENCENT_MEETING_STS_TOKEN 须为可打印的 ASCII 字符，与请求头相同",
    "Follow addresses into a private network, and plain http.": "允许内网地址和 http 地址。",
    "Whose? Give --user, or --oauth.": "谁的录制？请给出 --user 或 --oauth。",
    "can't list: {error}": "无法列出：{error}",
    "{kind} is none of {known}": "{kind} 不是 {known} 之一",
    "{text} has bytes or half characters that are no text": "{text} 含有不属于文本的字节或半个字符",
    "{text} is no template: braces come in pairs": "{text} 不是模板：花括号须成对",
    "a template has no {field}; it may have {known}": "模板没有 {field}；可用：{known}",
    "of a template only start takes a format, like {example}": "模板中只有 start 可带格式，如 {example}",
    "Another run works in {folder}.": "另一个进程正在使用 {folder}。",
    "{file}, line {number}: damaged. Delete that line: what it names may be fetched anew, by another name.": (
        "{file} 第 {number} 行已损坏。请删除该行：它所指的文件可能会以另一名称重新下载。"
    ),
    "{file} has {size} bytes, and had {whole} when it was fetched; without it the next run fetches it anew": (
        "{file} 现有 {size} 字节，下载完成时为 {whole} 字节；删除或移走它，下次运行会重新下载"
    ),
    "it is not finished yet": "尚未完成",
    "there is none, or not yet, or it may not be downloaded": "没有，或尚未生成，或不允许下载",
    "not there: {file}: {reason}": "不存在：{file}：{reason}",
    "failed: {file}: {reason}": "失败：{file}：{reason}",
    "{saved} fetched ({size}), {there} there before, {absent} not there, {failed} failed": "已下载 {saved}（{size}），此前已有 {there}，不存在 {absent}，失败 {failed}",
    "; {count} not finished": "；未完成 {count}",
    "{count} recordings, {size}": "{count} 个录制，{size}",
    "Start": "开始时间",
    "Files": "文件",
    "Size": "大小",
    "recording": "录制中",
    "transcoding": "转码中",
    "done": "已完成",
    "Downloading": "正在下载",
}

"""The Chinese help of each command, by its path."""

from collections.abc import Mapping

from tm_async.cli.reading.header import aliases_help
from tm_async.cli.staff.columns import columns_help

__all__ = ["HELP"]

_CREATE = """创建 FILE 中的会议：电子表格（.xlsx、.csv）或 JSON Lines（.jsonl、.ndjson）；- 表示标准输入。

    \b
    电子表格的列，顺序不限；"batch template" 生成一份模板：
      userid, subject, start_time, end_time 或 duration_minutes    必填
      time_zone         Asia/Shanghai；填写后时间不必带时区偏移
      hosts, invitees   用户 ID，用 ; 或 , 分隔
      guests            86-13800000000 姓名; 1-2025550123
      recurrence        daily x5, weekdays x10, weekly x7, biweekly x4,
                        monthly x3，或 weekly until 2027-12-31；
                        也可写 每天、每个工作日、每周、每两周、每月
      password, location, settings.auto_record_type 等请求的其他字段，
      对象中的字段用点号连接
      key               行的唯一编号，不发送
    \b
    列名可用中文：
    {aliases}

    时间可以是表格中的日期，也可写成 2027-01-05T10:00+08:00（ISO 8601）或 2027年1月5日 10:00。CSV 可用逗号、分号或制表符分隔，编码可为 UTF-8、UTF-16 或 GB18030（GBK）。JSON Lines 每行一个扁平对象，名称与类型同 API。使用 --oauth 时，userid 为该用户的 open id。

    发送前检查每一行。每行的结果按文件顺序随到随写，写入 --out 文件；若为电子表格，您自己的列在前。不给 --out 时向标准输出写 JSON Lines，终端上则显示表格。

    所有行先记入账本再发送；账本为 FILE.ledger，或由 --ledger 指定。无论运行怎样结束，即使崩溃，再次执行同一命令（或 "batch resume"）即可继续：已完成的不再发送，正在途中的先查找。行由其 key 识别，没有 key 时由其全部内容识别。被拒绝的行可在文件中改正，然后再次执行同一命令。"batch cancel" 撤回已创建的会议。

    \b
    退出码：
      0    所有会议均已创建
      1    有的被拒绝，或不知是否已创建
      2    用法、配置或行有误；没有发送任何内容
      130  被 Ctrl-C 停止；在途的行已完成并报告
""".replace("\n    ", "\n")

_SYNC = """将名单 FILE 与企业的用户比较，并显示需要做的操作；加 --apply 则执行。

    FILE 是电子表格（.xlsx、.csv）或 JSON Lines（.jsonl、.ndjson）；- 表示标准输入。须有 userid 列，其余列为用户的资料；空单元格表示保持原样。列及其中文列名：

    \b
    {columns}

    department（部门）填部门 ID，不是名称。licence（许可）为接口中的数字或名称，如 9 或 premium，可用的种类取决于版本。role（角色）为角色代码；只能授予已激活的用户，名单中写了不同的角色即变更。

    名单中的用户会被创建、修改或重新启用。不在名单中的只列出，除非使用 --disable-missing 或 --delete。若将删除的人数超过 --max-deletes，则什么都不做。删除时数据保留在原处，除非用 --transfer-to 指定接收者：包括已有的云录制和未来的会议。

    执行操作的管理员一律不作改动。拥有角色的用户只在名单写了不同的角色时变更角色，其余不动：无法将超级管理员（网关不允许变更其角色）与他们区分开。已激活用户的手机和邮箱只能由本人修改：计划中会说明。

    先检查每一行，任何一行有误即全部停止：否则漏掉的用户会被当作不在名单中。各步先记入账本再发送；账本为 FILE.ledger，或由 --ledger 指定。无论运行怎样结束，再次执行同一命令即可继续：届时企业仍缺什么就做什么，尚未移交的数据也会移交。每一步的结果随到随写入 --out 文件。以企业身份（AK/SK）执行：按官方文档，这些接口不支持用户授权的应用（OAuth2）。

    \b
    退出码：
      0    本命令能做的已全部完成；或已显示计划
      1    有的步骤被拒绝，或不知是否完成；或名单要求做不到的事（手机号或邮箱已属他人，或该用户已删除）
      2    用法、配置或行有误，或删除过多；没有发送任何内容
      130  被 Ctrl-C 停止；在途的步骤已完成并报告
""".replace("\n    ", "\n")

HELP: Mapping[str, str] = {
    "": """在命令行使用腾讯会议。非官方。

凭据来自环境变量：TENCENT_MEETING_APP_ID、_SECRET_ID、_SECRET_KEY，以及（如有）_SDK_ID。TENCENT_MEETING_BASE_URL 指定其他网关，例如模拟器。"demo"、"emulator"、"operations" 和 "batch template" 都不需要它们。

第三方应用代表已登录的用户：TENCENT_MEETING_OAUTH_CORP_ID、_OAUTH_SDK_ID、_OAUTH_SECRET 和 _OAUTH_REDIRECT_URI 指定应用，用于 "login"、"whoami"、"logout" 和 --oauth。授权保存在目录 TENCENT_MEETING_TOKEN_STORE 中，未设置时保存在您自己的数据目录；设置 TENCENT_MEETING_TOKEN_KEY 则加密保存。TENCENT_MEETING_OAUTH_URL 指定其他授权服务器。

平台推送的事件："webhook --help"。
""",
    "demo": """在模拟器上通过真实的 HTTP 创建几百场会议：签名、检查、并发。

不需要账号，也不需要网络。有几行是故意写错的，用来展示出错时的样子：一行违反文档规则，没有发送；其他的被网关拒绝。若没有创建任何会议，或有请求结果不明，退出码为 1。
""",
    "batch": "处理文件中的大量请求。",
    "batch template": """写出供 "batch create" 填写的电子表格：中英文列名、下拉列表、示例行和说明。

请在示例下方填写，并删除示例。不需要的列可以删除；会议的其他字段可按名称添加。
""",
    "batch status": """说明 LEDGER 中各状态的行数；可给账本，或该批次的文件。不询问网关。

\b
created   已有会议
rejected  肯定没有创建，再次发送也无用
unknown   可能已创建，也可能没有；"resume" 会再查
pending   没有发送，或肯定没有创建；"resume" 会发送
sending   正在发送，或运行结束时正在发送
cancelled 曾有会议，已由 "batch cancel" 取消

被拒绝后已改正的行，按改正后的结果计。每一行都已创建（或创建后已取消）时退出码为 0，否则为 1。
""",
    "batch resume": """发送 LEDGER 中尚未发送的行，并查找结果不明的行；可给账本，或该批次的文件。

已完成的不再发送。运行结束时在途的，先在创建人的会议列表中查找。多个进程可同时处理一个账本；账本在数据库中时也可在多台机器上处理。结果随到随写，与 "batch create" 相同。

\b
退出码：
  0    账本中的每一行都已创建
  1    有的没有
  2    用法或配置有误；没有发送任何内容
  130  被 Ctrl-C 停止；在途的行已完成并报告
""",
    "batch export": """按文件顺序写出 LEDGER 中每一行的结果；可给账本，或该批次的文件。不询问网关。

--out 文件名以 .xlsx 或 .csv 结尾时写成电子表格，您自己的列在前（从账本所属的文件重新读取；文件里已没有的行，或读取时用过选项的行，则为请求的列）；否则写成 JSON Lines，每行一个对象，字段同 "batch create"，另有该行的 key。两者都不含会议密码。
""",
    "batch cancel": """取消 LEDGER 中已创建的所有会议，周期性会议整个取消；可给账本，或该批次的文件。

先显示这些会议，得到您的确认后才取消。已取消的会记录下来："batch status" 会区分它们，再次运行该文件会重新创建。可以重复执行，也可以随时中断。

\b
退出码：
  0    全部已取消
  1    有的没有
  2    用法或配置有误，或未获确认；没有取消任何会议
  130  被 Ctrl-C 停止
""",
    "users": "企业的用户。",
    "users sync": _SYNC.replace("{columns}", columns_help()),
    "batch create": _CREATE.replace("{aliases}", aliases_help()),
    "call": """调用 OPERATION（"tm-async operations" 列出的 id），以 JSON 打印网关的应答。

JSON 中同样写入该操作的路径、查询和正文字段，名称与类型同 API；时间可写成 ISO 8601。"tm-async call OPERATION --help" 列出这些字段、限制和示例。发送前先检查。错误以一个 JSON 对象写到标准错误。使用 --oauth 时，在需要 userid 处填写该用户的 open id。涉及敏感数据的操作未给出 STS-Token 时，使用 TENCENT_MEETING_STS_TOKEN。

\b
退出码：
  0    网关已执行
  1    网关拒绝，或没有明确的应答：见 "outcome_unknown"
  2    用法、配置或字段有误；没有发送任何内容
""",
    "login": """让用户授权本应用，并保存授权，供 "call --oauth" 和 "batch create --oauth" 使用。

在浏览器中打开授权页，并打印其地址。回调地址形如 http://127.0.0.1:8912/callback 时，由本机在该端口和路径上接收应答；否则请复制浏览器最后到达的地址，粘贴到这里。

应用来自 TENCENT_MEETING_OAUTH_CORP_ID、_OAUTH_SDK_ID、_OAUTH_SECRET 和 _OAUTH_REDIRECT_URI。授权保存在目录 TENCENT_MEETING_TOKEN_STORE 中，未设置时保存在您自己的数据目录；设置 TENCENT_MEETING_TOKEN_KEY 则加密保存。

\b
退出码：
  0    已登录并保存
  1    被拒绝、超时未答复，或未能保存
  2    用法或配置有误，或端口被占用
  130  被 Ctrl-C 停止
""",
    "whoami": """列出由 "tm-async login" 为本应用保存的用户：open id、企业、权限、访问令牌的到期时间。

会逐个询问授权服务器，必要时更新访问令牌。

\b
退出码：
  0    所有用户都已登录
  1    没有用户，或有用户需要重新登录，或没有明确的应答
  2    用法或配置有误
""",
    "logout": """在网关撤销用户的授权，并在此处删除。

--local 只在此处删除，损坏的授权也会删除。此后应用仍被允许，直到用户或管理员取消。

\b
退出码：
  0    已退出登录
  1    没有用户登录，或网关拒绝，或没有明确的应答；没有删除任何内容
  2    用法或配置有误
""",
    "operations": """列出文档中的操作：id、方法、路径、用途、类、文档所述的鉴权方式。

给出 WORDS 时，只列出 id、路径或用途中含有全部这些词的操作："operations users" 或 "operations waiting room"。"class" 是本包中的类；若文档中的一个操作在本包中是多个调用，则列出多个；没有类的操作也可以调用。"auth" 为空表示资料中没有说明。
""",
    "emulator": """在本机运行网关模拟器，直到 Ctrl-C。

先打印一行 JSON：base_url、app_id、sdk_id、secret_id、secret_key、users 和 env（供使用它的程序设置的环境变量，包括 OAuth 的），然后开始服务。这些密钥属于模拟器，在别处无用。被拒绝的调用连同原因记录在标准错误上。
""",
}

"""The Chinese for what the command says, by the English."""

from collections.abc import Mapping

__all__ = ["TEXTS"]

TEXTS: Mapping[str, str] = {
    # --- states and counts
    "created": "已创建",
    "rejected": "被拒绝",
    "unknown": "结果不明",
    "pending": "待发送",
    "sending": "发送中",
    "cancelled": "已取消",
    "not sent": "未发送",
    "1 row": "1 行",
    "{count} rows": "{count} 行",
    "{counts} of {rows}": "{counts}，共 {rows}",
    "{counts}{notes} in {seconds} s ({rate} meetings per second)": "{counts}{notes}，用时 {seconds} 秒（每秒 {rate} 场会议）",
    "; {count} not begun": "；{count} 行未开始",
    "; {count} settled before": "；其中 {count} 行此前已有结果",
    "{count} failed": "{count} 失败",
    "{count} more": "另有 {count} 行",
    "{count} more, all created": "另有 {count} 行，均已创建",
    "{summary}.": "{summary}。",
    "1 invitee is not registered, so not invited: {names}": "1 位被邀请人未注册，因此未邀请：{names}",
    "{count} invitees are not registered, so not invited: {names}": "{count} 位被邀请人未注册，因此未邀请：{names}",
    " and {count} more": " 等另 {count} 位",
    "not registered, so not invited: {names}": "未注册，因此未邀请：{names}",
    "trace": "追踪号",
    "broken off before its outcome was known": "在得知结果之前中断",
    # --- progress
    "Creating meetings": "正在创建会议",
    "waiting for quota until {time}": "等待配额，至 {time}",
    "The quota is {calls} in {span} s, so this takes at least {minutes} minutes.": "配额为每 {span} 秒 {calls} 次，因此至少需要 {minutes} 分钟。",
    "Stopping: no further row is begun. Once more to break off.": "正在停止：不再开始新的行。再按一次立即中断。",
    "Interrupted.": "已中断。",
    # --- tables
    "Row": "行",
    "Subject": "主题",
    "Subject, time": "主题、时间",
    "Time": "时间",
    "Code": "会议号",
    "Creator": "创建人",
    "Join link, or the reason": "入会链接或原因",
    "Code, join link or reason": "会议号、入会链接或原因",
    "What would be sent, or what is wrong": "将发送的内容，或问题",
    "Results": "结果",
    "Open id": "用户 open id",
    "Enterprise": "企业",
    "Scopes": "权限",
    "Token ends": "令牌到期",
    "not known": "未知",
    "Id": "操作 id",
    "Method": "方法",
    "Path": "路径",
    "What it does": "用途",
    "Class": "类",
    "Auth": "鉴权",
    "Id, method, path, what it does": "ID、方法、路径、用途",
    "Class, auth": "类、鉴权",
    # --- files of rows
    "standard input": "标准输入",
    "{name} is read as GB18030 (GBK).": "{name} 按 GB18030（GBK）读取。",
    "{name}: {suffix} files can't be read: save it as .xlsx": "{name}：无法读取 {suffix} 文件，请另存为 .xlsx",
    "The name does not tell the format: give {names}.": "文件名看不出格式：请给出 {names}。",
    "{problem} (changed since it was checked)": "{problem}（检查之后文件有改动）",
    "line {line} is not {name} text, nor is the file GB18030 (GBK); in Excel, save as 'CSV UTF-8'": (
        "第 {line} 行不是 {name} 文本，文件也不是 GB18030（GBK）；在 Excel 中请另存为“CSV UTF-8”"
    ),
    "has no rows": "没有数据行",
    "has no header row: the first row names the columns, such as userid,subject,start_time,end_time": (
        "没有表头：第一行应为列名，例如 userid,subject,start_time,end_time"
    ),
    "the header: {problem}": "表头：{problem}",
    "has an unknown column {heading} (column {position})": "有未知的列 {heading}（第 {position} 列）",
    "; did you mean {name}?": "；是否想写 {name}？",
    "; --ignore-unknown passes such columns by": "；--ignore-unknown 可忽略这类列",
    "has the column {name} twice": "列 {name} 出现两次",
    "lacks the column {names}": "缺少列 {names}",
    "lacks the columns {names}": "缺少列 {names}",
    "end_time (or {duration})": "end_time（或 {duration}）",
    "is the result of a batch: correct the file that it was made from, and run that again": (
        "是批次的结果文件：请改正原文件，再运行原文件"
    ),
    "has headings of more than {most} characters": "表头超过 {most} 个字符",
    "has more than {most} columns": "超过 {most} 列",
    "row {number} is not CSV: {error}": "第 {number} 行不是有效的 CSV：{error}",
    "is not a usable .xlsx file: {error}": "不是可用的 .xlsx 文件：{error}",
    "has no sheet {sheet}, but {names}": "没有工作表 {sheet}，有 {names}",
    "has no visible sheet": "没有可见的工作表",
    "has a cell at {place}, far away from the others: delete it": "单元格 {place} 离其他单元格太远：请删除",
    "holds {name} of {size} MB, unpacked; up to {most} MB are read: keep only the list in the file": (
        "其中的 {name} 解压后有 {size} MB，最多读取 {most} MB：文件中请只保留名单"
    ),
    "has the cell {place} twice or out of order: open the file in Excel or WPS and save it": (
        "单元格 {place} 重复或次序颠倒：请用 Excel 或 WPS 打开文件并保存"
    ),
    "has {value} at {place}, where a number should be: type it in anew": "单元格 {place} 中的 {value} 不是数字：请重新输入",
    "has more than {most} cells without a value, up to {place}: open the file in Excel or WPS and save it": (
        "到 {place} 为止，没有值的单元格超过 {most} 个：请用 Excel 或 WPS 打开文件并保存"
    ),
    "has a cell or row at {place}, where none can be: a sheet ends at {last}": (
        "有单元格或行位于 {place}，超出工作表范围：工作表止于 {last}"
    ),
    # --- rows
    "row {number}: {problem}": "第 {number} 行：{problem}",
    "{userid}: {problem}": "{userid}：{problem}",
    "--operator must be the userid of an administrator.": "--operator 须为管理员的 userid。",
    "is not JSON: {why} (column {column})": "不是 JSON（第 {column} 列）",
    "is not JSON: {why} (line {line}, column {column})": "不是 JSON（第 {line} 行第 {column} 列）",
    "is nested too deeply": "嵌套过深",
    "has a number of too many digits": "有位数过多的数字",
    "must be one JSON object, {example}": "应为一个 JSON 对象，即 {example}",
    "has the member {name} twice": "字段 {name} 出现了两次",
    "{name} is not JSON": "{name} 不是 JSON",
    "has half of a surrogate pair (\\ud800 to \\udfff), which is no character": "含有半个代理对（\\ud800 至 \\udfff），不是字符",
    "has {cells} cells, the header has {header}; put a cell that holds a separator in quotes": (
        "有 {cells} 个单元格，表头有 {header} 个；含分隔符的单元格请加引号"
    ),
    "has a cell in a column without a name": "有单元格所在的列没有列名",
    "is the key of row {row} already": "与第 {row} 行的 key 相同",
    "must be a text that is not empty": "应为非空字符串",
    "must be true or false": "应为 true 或 false（是、否）",
    "must be a whole number of minutes, at least 1": "应为整数分钟，至少为 1",
    "give end_time or duration_minutes, not both": "end_time 与 duration_minutes 只能填一个",
    "guest {number} must be written as 86-13800000000 Name": "第 {number} 位嘉宾应写成 86-13800000000 姓名",
    "{person} can't be one user id; separate people by ; or ,": "{person} 不可能是一个用户 ID；请用 ; 或 , 分隔多人",
    "{value} is a number that the spreadsheet has cut: make the column text, and type it in anew": (
        "{value} 是被表格截短的数字：请将该列设为文本格式，重新输入"
    ),
    "{value} is a number of which the spreadsheet keeps 15 digits: make the cell text, and type it in anew": (
        "{value} 这样的数字，表格只保留 15 位：请将单元格设为文本格式，重新输入"
    ),
    "{shown} is an error of the spreadsheet's formula": "{shown} 是表格公式的错误",
    "has a formula that was never computed: open the file in Excel or WPS and save it": (
        "公式从未计算过：请用 Excel 或 WPS 打开文件并保存"
    ),
    "{text} is a date without a time; midnight is 2027-01-05T00:00": "{text} 只有日期，没有时间；零点请写成 2027-01-05T00:00",
    "{text} is too far away": "{text} 超出范围",
    "{text} names a day that the calendar has not": "{text} 中的日期不存在",
    "{text} must be an ISO 8601 date and time, like 2027-01-05T10:00+08:00": (
        "{text} 应为 ISO 8601 日期时间，例如 2027-01-05T10:00+08:00"
    ),
    "{text} has no offset: write it like 2027-01-05T10:00+08:00": "{text} 没有时区偏移：请写成 2027-01-05T10:00+08:00",
    "{text} has no offset: write it like 2027-01-05T10:00+08:00, or give time_zone (--time-zone: for all rows)": (
        "{text} 没有时区偏移：请写成 2027-01-05T10:00+08:00，或填写 time_zone（--time-zone 用于所有行）"
    ),
    "{text} does not exist in {zone}, where the clocks change: write it with an offset": (
        "{text} 在 {zone} 不存在（夏令时切换）：请加上时区偏移"
    ),
    "{text} happens twice in {zone}, where the clocks change: write it with an offset": (
        "{text} 在 {zone} 出现两次（夏令时切换）：请加上时区偏移"
    ),
    "{text} must be one of {names}, then x and a number, or until and a date: daily x5": (
        "{text} 应为 {names} 之一，后接 x 次数或 until 日期：daily x5；也可写 每周 x7"
    ),
    "{zone} is not a known time zone name, such as Asia/Shanghai": "{zone} 不是已知的时区名称，例如 Asia/Shanghai",
    # --- batch create
    "{bad} of {rows} bad. Nothing was sent{hint}.": "{rows}中有 {bad} 行有误。没有发送任何内容{hint}。",
    "; --skip-bad sends the others": "；--skip-bad 可发送其余的行",
    "Nothing was sent.": "没有发送任何内容。",
    "--ledger and --no-ledger contradict each other.": "--ledger 与 --no-ledger 不能同时使用。",
    '{error}. What exists is not changed by this: restore the row, or "batch cancel" first.': (
        '{error}。已有的会议不会因此改变：请恢复该行，或先运行 "batch cancel"。'
    ),
    "{error}. --ledger names another place, --no-ledger writes nothing down.": (
        "{error}。--ledger 可指定其他位置，--no-ledger 不做记录。"
    ),
    "{rows} settled before, not sent again.": "{rows}此前已有结果，不再发送。",
    "--sheet is for an .xlsx file: {name} has no sheets.": "--sheet 只用于 .xlsx 文件：{name} 没有工作表。",
    "{rows} corrected.": "{rows}已改正。",
    "{rows} cancelled before; created anew.": "{rows}此前已取消，重新创建。",
    "row {number} was changed after meeting {code} was created of it: this creates another one.": (
        "第 {number} 行在创建会议 {code} 之后有改动：将另外创建一场会议。"
    ),
    "--out is the file that is read.": "--out 就是要读取的文件。",
    "--out is the ledger, which says what was done.": "--out 就是账本，其中记录着已完成的操作。",
    "{out}: {suffix} files can't be written; name it .xlsx": "{out}：无法写入 {suffix} 文件，请改用 .xlsx",
    "{out} exists; --force overwrites it.": "{out} 已存在；--force 可覆盖。",
    "{out} can't be written: {error}": "无法写入 {out}：{error}",
    "{out}: a sheet has at most {rows} rows; name a .csv file": "{out}：工作表最多 {rows} 行；请改用 .csv 文件",
    "The results can't be written any more: {error}. The others follow here.": "结果无法继续写入：{error}。其余结果写在这里。",
    "The first {count} meetings and every failure will be shown; --out FILE records all.": (
        "将显示前 {count} 场会议和所有失败；--out FILE 可记录全部。"
    ),
    # --- the plan
    "--dry-run writes nothing; leave --out away.": "--dry-run 不写文件；请去掉 --out。",
    "{rows}: {problem} (row {numbers})": "{rows}：{problem}（第 {numbers} 行）",
    "{rows} bad.": "{rows}有误。",
    "{rows} bad, so nothing would be sent; --skip-bad sends the others.": (
        "{rows}有误，因此不会发送任何内容；--skip-bad 可发送其余的行。"
    ),
    "To be sent: meetings {meetings}, occurrences {occurrences}, creators {creators}, invitations {people}.": (
        "将发送：{meetings} 场会议（共 {occurrences} 次），{creators} 位创建人，{people} 份邀请。"
    ),
    "Without them: meetings {meetings}, occurrences {occurrences}, creators {creators}, invitations {people}.": (
        "其余的行：{meetings} 场会议（共 {occurrences} 次），{creators} 位创建人，{people} 份邀请。"
    ),
    "nothing: it is settled": "不发送：已有结果",
    "1 meeting": "1 场会议",
    "a series of {count} ({series})": "周期性会议，{count} 次（{series}）",
    "{count} invited": "邀请 {count} 人",
    # --- template
    "The template is a spreadsheet: name a file .xlsx or .csv.": "模板是电子表格：文件名请以 .xlsx 或 .csv 结尾。",
    "{out} is ready. Then: tm-async batch create {out} --dry-run": "{out} 已生成。下一步：tm-async batch create {out} --dry-run",
    # --- ledgers
    "There is no ledger {path}.": "没有账本 {path}。",
    "What was sent will be looked for when the batch is resumed.": "已发送的内容将在继续该批次时查找。",
    "There is no meeting to cancel.": "没有可取消的会议。",
    "Cancel the meetings of {rows}?": "要取消这 {rows}的会议吗？",
    "Nothing was cancelled.": "没有取消任何会议。",
    "row {number} can't be read, and its meeting {meeting_id} is not cancelled": "无法读取第 {number} 行，其会议 {meeting_id} 未取消",
    "row {number} ({subject}) was not cancelled: {error}": "第 {number} 行（{subject}）未取消：{error}",
    # --- call, operations
    "must be digits": "应为数字",
    "the text": "文本",
    "can't be read: {error}": "无法读取：{error}",
    "There is no operation {operation}.": "没有操作 {operation}。",
    " Did you mean {names}?": "是否想写 {names}？",
    " See: tm-async operations": "参见：tm-async operations",
    "There is no such operation.": "没有这样的操作。",
    "{operation} uploads a file ({kind}), which this command can't.": "{operation} 需要上传文件（{kind}），本命令不支持。",
    "--timestamp and --nonce need --dry-run: a real call must not be signed twice alike.": (
        "--timestamp 和 --nonce 只能与 --dry-run 同用：真实调用不得使用相同的签名。"
    ),
    "the sources do not say": "资料中没有说明",
    "Auth modes: {auth}. Sources: {pages}.": "鉴权方式：{auth}。资料：{pages}。",
    "Members of the path:": "路径字段：",
    "Members of the query:": "查询字段：",
    "Members of the body:": "正文字段：",
    "Members of the header:": "请求头字段：",
    "another form of one of the others, not taken here": "其他字段的另一种写法，此处不接受",
    "What the sources say besides:": "资料中的其他说明：",
    "Example:": "示例：",
    "array of {kind}": "{kind} 数组",
    # --- demo
    " --all shows every row.": "--all 显示所有行。",
    """That was the emulator. Next, with meetings of your own:
  tm-async batch template --out meetings.xlsx    a spreadsheet to fill in
  tm-async batch create meetings.xlsx --dry-run  what would be sent
  export TENCENT_MEETING_APP_ID=... TENCENT_MEETING_SECRET_ID=... TENCENT_MEETING_SECRET_KEY=...
  tm-async batch create meetings.xlsx --out result.xlsx
Without an account, in another terminal:
  tm-async emulator --env-file emulator.env       then here:  set -a; . ./emulator.env; set +a""": (
        """以上是模拟器。下一步，创建您自己的会议：
  tm-async batch template --out meetings.xlsx    供填写的电子表格
  tm-async batch create meetings.xlsx --dry-run  查看将发送的内容
  export TENCENT_MEETING_APP_ID=... TENCENT_MEETING_SECRET_ID=... TENCENT_MEETING_SECRET_KEY=...
  tm-async batch create meetings.xlsx --out result.xlsx
没有账号时，在另一个终端运行：
  tm-async emulator --env-file emulator.env       然后在此处：set -a; . ./emulator.env; set +a"""
    ),
    # --- emulator
    "can't write {file}: {error}": "无法写入 {file}：{error}",
    "can't listen on port {port}: {error}": "无法监听端口 {port}：{error}",
    # --- users
    "--open-id needs --oauth.": "--open-id 须与 --oauth 同用。",
    "Nobody is logged in. To log in: tm-async login": "没有用户登录。登录：tm-async login",
    "several users are logged in; choose with --open-id: {users}": "有多个用户登录；请用 --open-id 选择：{users}",
    "{open_id} is not logged in.": "{open_id} 未登录。",
    "{open_id} is not logged in. To log in: tm-async login": "{open_id} 未登录。登录：tm-async login",
    "{count} users are logged in now; --open-id chooses one of them.": "现有 {count} 个用户登录；用 --open-id 选择其一。",
    "must be a number of seconds": "应为秒数",
    "Logged in.": "已登录。",
    "  open id     {open_id}": "  用户      {open_id}",
    "  enterprise  {corp}": "  企业      {corp}",
    "  token ends  {time}; renewed by itself when it is used": "  令牌到期  {time}；使用时自动更新",
    "Logged out: {open_id}": "已退出登录：{open_id}",
    "The grant of {open_id} had ended already. Deleted here.": "{open_id} 的授权此前已失效。已在此处删除。",
    "Deleted here: {open_id}. The gateway was not told.": "已在此处删除：{open_id}。没有通知网关。",
    "{error}. To delete it: {command}": "{error}。删除：{command}",
    "{error}.\nNothing was deleted. To delete it here only: {command}": "{error}。\n没有删除任何内容。只在此处删除：{command}",
    "An administrator opened this grant, or reserves that right, so only an administrator can end it": (
        "该授权由管理员开通，或管理员保留此权，因此只有管理员可以终止"
    ),
    "Nobody came back from the authorise page within {seconds} s.": "{seconds} 秒内没有人从授权页返回。",
    "Allow the app in. The browser then goes to an address that begins with": "请授权本应用。随后浏览器会转到以此开头的地址：",
    "Copy it from the address bar, whatever the page itself shows.": "请从地址栏复制该地址，无论页面显示什么。",
    "Waiting for the browser to come back to {address}": "等待浏览器返回 {address}",
    "If no browser opens by itself, open this address:": "若浏览器没有自动打开，请打开此地址：",
    "Open this address in a browser:": "请在浏览器中打开此地址：",
    "That address: ": "该地址：",
    "Standard input ended before an address was given.": "标准输入已结束，没有得到地址。",
    "This is no answer to this login ({error}). Copy the whole address.": "这不是本次登录的应答（{error}）。请复制完整的地址。",
    "Warning: {message}": "警告：{message}",
    "can't listen on {place}, where TENCENT_MEETING_OAUTH_REDIRECT_URI sends the browser: {reason}": (
        "无法监听 {place}（TENCENT_MEETING_OAUTH_REDIRECT_URI 让浏览器返回此处）：{reason}"
    ),
    "You can close this window": "可以关闭此窗口",
    "The terminal tells how the login ended.": "登录结果见终端。",
    "Not logged in": "未登录",
    "You can close this window. The reason stands in the terminal.": "可以关闭此窗口。原因见终端。",
    "This does not belong to the login under way": "这不属于正在进行的登录",
    "Nothing was done. To log in, use the address that the terminal shows.": "没有执行任何操作。登录请使用终端显示的地址。",
    "This request is too large": "请求过大",
    "Nothing was done.": "没有执行任何操作。",
    # --- commands
    "Create a few hundred meetings on the emulator.": "在模拟器上创建几百场会议。",
    "Many requests from a file.": "处理文件中的大量请求。",
    "Create the meetings of a file.": "创建文件中的会议。",
    "Make a spreadsheet to fill in.": "生成供填写的电子表格。",
    "Tell how far a batch is.": "查看批次的进展。",
    "Go on with a batch that was broken off.": "继续中断的批次。",
    "Write what became of every row.": "写出每一行的结果。",
    "Take back the meetings that a batch made.": "撤回批次创建的会议。",
    "Call any documented operation by its id.": "按 id 调用任意文档中的操作。",
    "Log a user in (OAuth2).": "用户登录（OAuth2）。",
    "Tell who is logged in (OAuth2).": "查看登录的用户（OAuth2）。",
    "Log a user out (OAuth2).": "用户退出登录（OAuth2）。",
    "List the documented operations.": "列出文档中的操作。",
    "Serve the gateway's emulator on this machine.": "在本机运行网关模拟器。",
    # --- options
    "The language of this command. Default: Chinese if LC_ALL, LC_MESSAGES or LANG says so.": (
        "本命令的语言。默认：LC_ALL、LC_MESSAGES 或 LANG 为中文时用中文。"
    ),
    "Needed for standard input.": "标准输入时必填。",
    "Of an .xlsx file; default: the first one that is visible.": ".xlsx 文件中的工作表；默认为第一个可见的。",
    "Of every row that has none, such as Asia/Shanghai.": "用于没有填写时区的行，例如 Asia/Shanghai。",
    "Pass by columns that no meeting has.": "忽略会议中没有的列。",
    "Show what would be sent, and every problem; send nothing.": "显示将发送的内容和所有问题；不发送。",
    "Requests under way.": "同时进行的请求数。",
    "Write what becomes of each row there: a spreadsheet (.xlsx, .csv), else JSON lines.": (
        "将每行的结果写到该文件：电子表格（.xlsx、.csv），否则为 JSON Lines。"
    ),
    "Write there: a spreadsheet (.xlsx, .csv), else JSON lines.": "写到该文件：电子表格（.xlsx、.csv），否则为 JSON Lines。",
    "Overwrite the --out file.": "覆盖 --out 文件。",
    "Send the good rows although there are bad ones.": "即使有的行有误，也发送其余的行。",
    "Where it is written down what becomes of each row, instead of FILE.ledger: a file, such as batch.db, or a "
    "redis:// or postgresql:// URL with a name, such as redis://host/0#june.": (
        "记录每行结果的账本，代替 FILE.ledger：文件（如 batch.db），或带名称的 redis:// 或 postgresql:// URL（如 redis://host/0#june）。"
    ),
    "Write nothing down: then running it twice creates everything twice.": "不做记录：此时运行两次会创建两份会议。",
    "Seconds after which what can't be found was not carried out.": "超过该秒数仍查不到的，视为没有执行。",
    "A new file: .xlsx, or .csv.": "新文件：.xlsx 或 .csv。",
    "Cancel without asking.": "不询问，直接取消。",
    "Told to the gateway, which may show it to those invited.": "告知网关的原因，网关可能显示给被邀请人。",
    "A number of your own.": "自定义的数字。",
    "One JSON object.": "一个 JSON 对象。",
    "One JSON object: the counts, and every row.": "一个 JSON 对象：计数和每一行。",
    "Show every row in the table.": "在表格中显示每一行。",
    "A JSON array in the place of a table.": "以 JSON 数组代替表格。",
    "A JSON array in the place of a table; times in UTC.": "以 JSON 数组代替表格；时间为 UTC。",
    "One flat JSON object; - is standard input.": "一个扁平的 JSON 对象；- 表示标准输入。",
    "Show the request, and the string that is signed if any; send nothing.": "显示请求和待签名字符串（如有）；不发送。",
    "Fixed for --dry-run; default: now.": "供 --dry-run 固定；默认：当前时间。",
    "Fixed for --dry-run; default: random.": "供 --dry-run 固定；默认：随机。",
    'Act as a user whom "tm-async login" stored, not as the enterprise.': '代表 "tm-async login" 保存的用户，而不是企业。',
    "With --oauth: which user, if there are several. Default: TENCENT_MEETING_OPEN_ID.": (
        "与 --oauth 同用：有多个用户时选择哪一个。默认：TENCENT_MEETING_OPEN_ID。"
    ),
    "Only print the address; open no browser.": "只打印地址，不打开浏览器。",
    "How long to wait for the browser to come back.": "等待浏览器返回的时间。",
    "This user only.": "只看该用户。",
    "Only what the token store says; ask nobody, renew nothing.": "只看已保存的内容；不询问，不更新。",
    "Whom; needed where several users are logged in.": "哪个用户；有多个用户登录时必填。",
    "Only delete the grant here; the gateway is not told.": "只在此处删除授权，不通知网关。",
    "0: any free port.": "0：任意空闲端口。",
    "Makes ids, codes and credentials repeatable.": "使 ID、会议号和凭据可重复。",
    "Take custom headers in their documented spelling only.": "只接受与文档大小写一致的自定义请求头。",
    "The authorisation page asks nobody: this user, or the first one, allows every app in.": (
        "授权页不询问：由该用户（默认第一个）授权任何应用。"
    ),
    "Write the variables there too, as NAME=value lines, for a shell's  set -a; . FILE; set +a": (
        "同时将变量以 NAME=value 写到该文件，供 shell 使用：set -a; . FILE; set +a"
    ),
    # --- users sync
    "enable": "启用",
    "create": "创建",
    "change": "修改",
    "role": "变更角色",
    "disable": "停用",
    "delete": "删除",
    "transfer": "移交数据",
    "done": "已完成",
    "Changing users": "正在处理用户",
    "What is done": "操作",
    "What is not done": "不做的操作",
    "User": "用户",
    "Details": "详情",
    "Outcome": "结果",
    "Plan: {named}; as they should be: {unchanged}.": "计划：{named}；无需改动：{unchanged}。",
    "Nothing to do; as they should be: {unchanged}.": "无需操作；无需改动：{unchanged}。",
    "Nothing was sent; --apply does it.": "没有发送任何内容；加 --apply 则执行。",
    "{count} would be deleted, and at most {most} may be (--max-deletes): nobody is, and nothing is sent.": (
        "将删除 {count} 个用户，而最多允许 {most} 个（--max-deletes）：不删除任何人，也不发送任何内容。"
    ),
    "{counts} of {steps} steps": "{counts}，共 {steps} 步",
    "data go to {receiver}": "数据移交给 {receiver}",
    "data stay where they are": "数据保留在原处",
    "not in the list": "不在名单中",
    "acts for this command: left alone": "正在执行本命令的管理员：不作改动",
    "has an administrator's role: left alone": "拥有管理员角色：不作改动",
    "is deleted: can't be changed": "已删除：无法修改",
    "is activated: only the person changes this": "已激活：只能由本人修改",
    "{other} has it": "已被 {other} 占用",
    "not deleted: too many": "不删除：数量过多",
    "receives the data: left alone": "接收数据者：不作改动",
    "is not activated: run this again once it is": "尚未激活：激活后请再次执行",
    "must be one of {names}": "应为以下之一：{names}",
    "--out needs --apply.": "--out 需要与 --apply 同用。",
    "With --apply: write what becomes of each step there: a spreadsheet (.xlsx, .csv), else JSON lines.": (
        "与 --apply 同用：将每一步的结果写到该文件：表格（.xlsx、.csv），否则为 JSON Lines。"
    ),
    "{error}. The vendor documents the calls on users for enterprises (AK/SK) only, not for OAuth2.": (
        "{error}。按官方文档，用户管理接口仅支持企业凭据（AK/SK），不支持 OAuth2。"
    ),
    "{userid}: it is not known whether the data were handed over; look in the console.": (
        "{userid}：不知数据是否已移交，请在管理后台查看。"
    ),
    "--transfer-to: {userid} is no user.": "--transfer-to：没有用户 {userid}。",
    "This is the ledger of a batch of meetings; --ledger names another place.": (
        "这是会议批次的账本；请用 --ledger 指定别处。"
    ),
    "This is the ledger of a staff list": "这是名单的账本",
    'This is the ledger of a staff list: run "users sync" again.': '这是名单的账本：请再次执行 "users sync"。',
    "--transfer-to needs --delete.": "--transfer-to 需要与 --delete 同用。",
    "--delete and --disable-missing contradict each other.": "--delete 与 --disable-missing 互相矛盾。",
    "give a number of users, such as 3, or a percentage, such as 5%": "请给出用户数（如 3）或百分比（如 5%）",
    "is no member of a staff list": "不是名单的字段",
    "must be a list of one id": "应为含一个 ID 的列表",
    "must be digits; the calling code has a column of its own, area": "应为数字；区号请填在单独的列 area 中",
    "stands in row {row} already": "已在第 {row} 行出现",
    "The users of an enterprise.": "企业的用户。",
    "Make the users those of a staff list.": "使用户与名单一致。",
    "The administrator who acts.": "执行操作的管理员。",
    "Do what the plan says; without this it is shown only.": "执行计划；不加则只显示计划。",
    "Disable users who are not in the file.": "停用不在文件中的用户。",
    "Delete users who are not in the file.": "删除不在文件中的用户。",
    "Do nothing at all if more would be deleted: a number, or a percentage of the users.": (
        "若将删除的用户超过此数则什么都不做：用户数，或占用户的百分比。"
    ),
    "Hand the data of those who are deleted over to this user.": "将被删除者的数据移交给该用户。",
    "The plan as one JSON object; with --apply the results as JSON lines.": (
        "计划为一个 JSON 对象；与 --apply 同用时，结果为 JSON Lines。"
    ),
    "Pass by columns that no user has.": "忽略用户没有的列。",
    "Where it is written down what becomes of each step, instead of FILE.ledger: a file, such as batch.db, or a "
    "redis:// or postgresql:// URL with a name, such as redis://host/0#june.": (
        "记录每一步结果的账本，代替 FILE.ledger：文件（如 batch.db），或带名称的 redis:// 或 postgresql:// URL（如 redis://host/0#june）。"
    ),
    "Write nothing down: data that a broken run did not hand over stay.": "不做记录：运行中断时尚未移交的数据会留在原处。",
}

"""The Chinese for `tm-async webhook`: help by command, texts by the English."""

from collections.abc import Mapping

__all__ = ["HELP", "TEXTS"]

HELP: Mapping[str, str] = {
    "webhook": """平台推送的事件：接收、发送示例、查明被拒绝的原因。

订阅的密钥来自环境变量：TENCENT_MEETING_WEBHOOK_TOKEN，以及（如果设置了 EncodingAESKey）_WEBHOOK_AES_KEY。_WEBHOOK_PREVIOUS_TOKEN 和 _WEBHOOK_PREVIOUS_AES_KEY 是正在被替换的旧值。
""",
    "webhook listen": """接收事件直到 Ctrl-C，按平台的要求应答，并显示出来。

准备好后输出一行 JSON，其中有 url，之后每个事件一行 JSON；在终端上显示表格。被拒绝的请求及原因写到标准错误。使用 --forward 时，对方应答成功后才应答成功，否则应答 503，由平台重发。要从外部访问，需要隧道或代理。
""",
    "webhook send": """按平台的方式发送 EVENT（例如 meeting.end）的示例，时间为现在。

PATH 从 payload 的第一项开始，例如 meeting_info.subject；以 "envelope." 开头则位于 payload 旁边。VALUE 是 JSON；不是 JSON，或示例中该处是文本时，按文本处理。每个应答输出一行 JSON；除非全部应答成功，退出码为 1。不给 --to 时输出请求本身，例如交给 "tm-async webhook verify"。
""",
    "webhook verify": """逐步检查保存下来的请求，指出哪一步失败以及可能的错误。

FILE 或标准输入中是收到的请求头、空行和请求体，或者带请求行的原始 HTTP；GET 需要请求行，因为查询字符串在其中。请求会被拒绝时，退出码为 1。
""",
    "webhook check": """像平台接受地址之前那样检查地址：控制台上的 "code:10002" 就是指这一步失败。

请求 challenge（GET）：必须在 3 秒内原样返回其文本，不得重定向；再发送签名错误的推送（POST）：必须拒绝。不会运行您的任何处理函数。
""",
}

TEXTS: Mapping[str, str] = {
    # --- commands and options
    "Receive the platform's events, play the platform.": "接收平台的事件，或扮演平台。",
    "Receive events on this machine, and show them.": "在本机接收事件并显示。",
    "Send a sample of an event.": "发送事件的示例。",
    "Find out why a request is refused.": "查明请求被拒绝的原因。",
    "Check an address as the platform does.": "像平台那样检查地址。",
    "Another address lets others reach it.": "其他地址可让别的机器访问。",
    "Append what comes, decrypted, and why something is refused.": "追加收到的内容（已解密）以及拒绝的原因。",
    "Pass deliveries on there, signed and encrypted anew.": "重新签名、加密后转发到该地址。",
    "Take what is not encrypted although there is an AES key.": "有 AES key 时也接受未加密的推送。",
    "Change a member; may be repeated.": "修改一个成员；可重复。",
    "Send it there. Without: print the request.": "发送到该地址；不给则输出请求。",
    "Send it N times, as retries do.": "发送 N 次，如同重发。",
    "Not encrypted, although there is an AES key.": "有 AES key 也不加密。",
    "With a signature that does not fit.": "使用不符的签名。",
    # --- what is wrong with what was given
    "--set takes PATH=VALUE, not {given!r}": "--set 的格式为 PATH=VALUE，而不是 {given!r}",
    "the URL can't be read": "无法读取该 URL",
    "the URL must be http:// or https://, a host and a path, no credentials": "URL 必须是 http:// 或 https://，加主机和路径，不含凭据",
    "can't listen on {host} port {port}: {error}": "无法在 {host} 的端口 {port} 上监听：{error}",
    "no request: it takes headers, an empty line and the body, or raw HTTP": "不是请求：需要请求头、空行和请求体，或者原始 HTTP",
    "{file}, line {line}: not a line of a journal": "{file} 第 {line} 行：不是日志文件的内容",
    "the sample has no {path}": "示例中没有 {path}",
    "in the sample {path} is of another type": "示例中 {path} 的类型不同",
    # --- the table
    "Event": "事件",
    "Meeting": "会议",
    "Who": "人员",
    "{count} events": "{count} 个事件",
    # --- steps
    "ok  ": "通过",
    "FAIL": "失败",
    "request": "请求",
    "formats": "格式",
    "signature": "签名",
    "clock": "时钟",
    "decryption": "解密",
    "content": "内容",
    "event": "事件",
    "challenge": "challenge 文本",
    "time": "用时",
    "timestamp, nonce, signature and data": "timestamp、nonce、signature 和 data",
    "fits": "符合",
    "decodes": "可以解码",
    "fits the key {name!r}": "符合密钥 {name!r}",
    "{time} old": "{time} 之前",
    "{time} ahead": "超前 {time}",
    "{age}; a receiver refuses it by now": "{age}；接收端现在会拒绝它",
    "decrypted, {count} bytes": "已解密，{count} 字节",
    "not encrypted, {count} bytes": "未加密，{count} 字节",
    "{count} bytes, to be answered as they are": "{count} 字节，须原样返回",
    # --- why something is refused
    "neither GET nor POST": "既不是 GET 也不是 POST",
    "too large": "过大",
    "a GET without exactly one check_str": "GET 没有恰好一个 check_str",
    "the body is not a JSON object with data": "请求体不是带有 data 的 JSON 对象",
    "timestamp, nonce or signature is missing": "缺少 timestamp、nonce 或 signature",
    "timestamp, nonce or signature came twice": "timestamp、nonce 或 signature 出现两次",
    "timestamp, nonce, signature or data is not in its format": "timestamp、nonce、signature 或 data 的格式不对",
    "the signature fits no key": "签名不符合任何密钥",
    "the timestamp is in the future": "时间戳在未来",
    "the timestamp is too old": "时间戳过旧",
    "data is not Base64": "data 不是 Base64",
    "not encrypted, although an AES key is configured": "配置了 AES key，却未加密",
    "no AES key decrypts it": "没有 AES key 能解密",
    "the challenge is none": "不是 challenge 文本",
    "what was decrypted is no event": "解密后的内容不是事件",
    "more than 2,000 events in one delivery": "一次推送中的事件超过 2,000 个",
    # --- likely mistakes
    "each + of the query became a space: take the raw query, not a form's": "查询字符串中的 + 变成了空格：请取原始查询字符串，而不是表单解码的结果",
    "the = at its end were added before hashing; the platform sends data without": "哈希之前补上了末尾的 =；平台发送的 data 没有它们",
    "the = at its end were taken off before hashing": "哈希之前去掉了末尾的 =",
    "white space around data, as of a file or an editor": "data 前后有空白，可能来自文件或编辑器",
    "check_str was hashed before it was URL-decoded, or is encoded twice": "check_str 在 URL 解码之前就做了哈希，或者编码了两次",
    "check_str was signed in its URL-encoded form": "签名用的是 URL 编码后的 check_str",
    "the four texts were not sorted": "四个文本没有排序",
    "they were sorted by their names": "四个文本是按名称排序的",
    "it is SHA-256, not SHA-1": "用的是 SHA-256，而不是 SHA-1",
    "data was decoded before it was hashed": "data 在哈希之前被解码了",
    "another token, or a part of it was changed on the way": "Token 不同，或者途中有内容被改动",
    "another EncodingAESKey, or data is cut": "EncodingAESKey 不同，或者 data 不完整",
    "it was encrypted by WeCom's routine, with 16 random bytes and a length before the text": "使用了企业微信的加密方式：正文前有 16 个随机字节和长度",
    "encrypted, and no AES key is set?": "内容已加密，而没有设置 AES key？",
    "it is JSON, as a recorded delivery is that somebody sends as a GET": "是 JSON，像是有人把录下的推送改成 GET 发来",
    "the subscription has no EncodingAESKey, or allow_plain is wanted": "订阅没有设置 EncodingAESKey，或者需要 allow_plain",
    "a framework may have changed it; it begins like this: {body}": "可能被框架改动；原始请求体的开头是：{body}",
    "a proxy may have taken them off": "可能被代理去掉了",
    # --- checking an address
    "no answer: {why}": "没有应答：{why}",
    "redirects ({status}) to {place}; the platform does not follow": "重定向（{status}）到 {place}；平台不会跟随",
    "HTTP {status}, not 200": "HTTP {status}，不是 200",
    "HTTP {status}, not 200; other keys, or the + of the query became a space?": "HTTP {status}，不是 200；密钥不同，或者查询字符串中的 + 变成了空格？",
    "HTTP 200 with another text": "HTTP 200，但文本不同",
    "the challenge's text, exactly": "与 challenge 文本完全一致",
    "the challenge's text, but with white space around it": "是 challenge 文本，但前后有空白",
    "the challenge's text, but with quotes around it": "是 challenge 文本，但带有引号",
    "the challenge's text, but with more around it": "是 challenge 文本，但前后有别的内容",
    "another text than the challenge's": "不是 challenge 文本",
    "an empty body": "应答体为空",
    "{count} ms; it has 3 s": "{count} 毫秒；限时 3 秒",
    "HTTP {status} to a wrong signature: anybody can send you events": "签名错误却应答 HTTP {status}：任何人都能向您发送事件",
    "HTTP {status}: GET and POST have to be served at one address": "HTTP {status}：GET 和 POST 必须在同一个地址",
    "a wrong signature is refused (HTTP {status})": "拒绝了错误的签名（HTTP {status}）",
}

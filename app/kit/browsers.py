"""What a browser calls itself, as far as its owner would say it."""


def named(agent: str) -> str:
    """ "Chrome, Android": what a person recognises in a list of their phones; nothing finer is kept."""
    browsers = ("MicroMessenger", "Firefox", "Edg", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    names = {"MicroMessenger": "WeChat", "Edg": "Edge", "Mac OS": "Mac"}
    found = [next((names.get(word, word) for word in words if word in agent), "") for words in (browsers, systems)]
    return ", ".join(filter(None, found))


def is_wechat(agent: str) -> bool:
    """Its own browser, in which nothing can be installed and nothing rings."""
    return "MicroMessenger" in agent

from litestar import Controller

PAGES: tuple[type[Controller], ...] = ()

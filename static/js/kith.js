// What every page does beyond plain HTML. Each piece stands alone; a page works without any of them.
import "./doors.js";

// What every page does beyond plain HTML. Each piece stands alone, and a page works without any of them.
import "./ask.js";
import "./leaving.js";
import "./waiting.js";
import "./push.js";
import "./answers.js";
import "./forms.js";
import "./drafts.js";
import "./toasts.js";
import "./doors.js";
import "./live.js";
import "./alerts.js";
import "./totals.js";
import "./network.js";

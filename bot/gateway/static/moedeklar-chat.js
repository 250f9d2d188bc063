// The one script that a page loads. Everything is imported here, so that a browser asks for it in one go.
import "./widget/dom.js";
import "./widget/dates.js";
import "./widget/texts.js";
import "./widget/memory.js";
import "./widget/connection.js";
import "./widget/event_stream.js";
import "./widget/listening.js";
import "./widget/outbox.js";
import "./widget/conversation.js";
import "./widget/links.js";
import "./widget/choices_view.js";
import "./widget/card_view.js";
import "./widget/message_view.js";
import "./widget/log_view.js";
import "./widget/composer.js";
import "./widget/menu.js";
import "./widget/panel.js";
import "./widget/speech.js";
import "./widget/saving.js";
import "./widget/chat.js";
import { MoedeklarChat } from "./widget/element.js";

if (!customElements.get("moedeklar-chat")) customElements.define("moedeklar-chat", MoedeklarChat);

// Sends the one form of the page at once; without JavaScript its button does.
document.querySelector("form[data-send-at-once]")?.submit();

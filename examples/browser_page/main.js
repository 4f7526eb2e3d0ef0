import { SignIn } from "@burnish/client/browser";

const { url, clientId } = document.documentElement.dataset;
const signIn = new SignIn({ url, clientId, redirectUri: `${location.origin}/` });
const main = document.querySelector("main");

/** Return an element with a text, and perhaps something to do on a click. */
function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function stranger(sentence) {
  main.replaceChildren(
    element("h1", "The Page"),
    element("p", sentence),
    element("button", "Log in", { onclick: () => signIn.login() }),
  );
}

async function known() {
  const person = await (await signIn.person()).userinfo();
  const list = element("dl", "");
  for (
    const [name, value] of Object.entries({ email: person.email, ...person.custom_attributes })
  ) {
    const words = name.replaceAll("_", " ");
    list.append(element("dt", words[0].toUpperCase() + words.slice(1)), element("dd", value));
  }
  main.replaceChildren(
    element("h1", `Hello, ${person.given_name ?? person.email}`),
    list,
    element("button", "Log out", { className: "quiet", onclick: () => signIn.logout() }),
  );
}

try {
  await signIn.callback();
  await (signIn.signedIn ? known() : stranger("Log in to see what is known of you."));
} catch (error) {
  stranger(error.message);
}

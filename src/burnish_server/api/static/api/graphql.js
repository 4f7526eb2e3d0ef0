// Sends what was typed to this very address, and shows the answer.
const form = document.getElementById("ask");
const answer = document.getElementById("answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  answer.textContent = "…";
  let variables;
  try {
    variables = form.variables.value.trim() ? JSON.parse(form.variables.value) : {};
  } catch (error) {
    answer.textContent = `The variables are no JSON: ${error.message}`;
    return;
  }
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${form.token.value.trim()}`,
      },
      body: JSON.stringify({ query: form.query.value, variables }),
    });
    const text = await response.text();
    answer.textContent = response.headers.get("Content-Type").startsWith("application/json")
      ? JSON.stringify(JSON.parse(text), null, 2)
      : `${response.status} ${text}`;
  } catch (error) {
    answer.textContent = `Nothing came back: ${error.message}`;
  }
});

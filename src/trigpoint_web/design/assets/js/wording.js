// Suggests another way to say what may sound as if a child were to blame, as somebody writes. It stops nobody.
// A form asks for it with data-wording-url; its fields that are read carry data-wording.

const PAUSE = 1200 // milliseconds without a key before a text is read

function place (field) {
  const spot = document.createElement('div')
  spot.className = 'app-wording'
  spot.setAttribute('role', 'status')
  field.after(spot)
  return spot
}

function row (one, perhaps) {
  const item = document.createElement('li')
  const said = document.createElement('strong')
  said.textContent = `“${one.words}”`
  item.append(said, ` ${one.why} ${perhaps} `)
  item.append(one.instead.map(words => `“${words}”`).join(', '))
  return item
}

function show (spot, form, suggestions) {
  spot.replaceChildren()
  if (!suggestions.length) return
  const title = document.createElement('p')
  title.textContent = form.dataset.wordingTitle
  const list = document.createElement('ul')
  list.append(...suggestions.slice(0, 3).map(one => row(one, form.dataset.wordingPerhaps)))
  spot.append(title, list)
}

async function read (form, field, spot) {
  const token = form.querySelector('[name=csrfmiddlewaretoken]').value
  try {
    const answer = await fetch(form.dataset.wordingUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body: JSON.stringify({ text: field.value }),
      redirect: 'error'
    })
    if (answer.ok) show(spot, form, (await answer.json()).suggestions)
  } catch { /* a suggestion that does not come is not missed */ }
}

export function suggestWording (root) {
  for (const form of root.querySelectorAll('form[data-wording-url]')) {
    for (const field of form.querySelectorAll('[data-wording]')) {
      const spot = place(field)
      let waiting
      field.addEventListener('input', () => {
        clearTimeout(waiting)
        waiting = setTimeout(() => read(form, field, spot), PAUSE)
      })
    }
  }
}

// Saves what somebody is writing, as they write, so that a time-out or a lost connection loses nothing.
// A form asks for it with data-draft="<key>"; the address to post to stands in data-draft-url.

const PAUSE = 1500 // milliseconds without a key before a save

function fields (form) {
  const kept = {}
  for (const [name, value] of new FormData(form)) {
    if (name === 'csrfmiddlewaretoken' || value instanceof File) continue
    kept[name] = [...(kept[name] ?? []), value]
  }
  return kept
}

async function save (form, say) {
  const body = JSON.stringify({ fields: fields(form) })
  const token = form.querySelector('[name=csrfmiddlewaretoken]').value
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body,
      keepalive: body.length < 60000,
      redirect: 'error'
    })
    say(answer.ok ? form.dataset.draftSaved : form.dataset.draftFailed)
  } catch {
    say(form.dataset.draftFailed)
  }
}

export function keepDrafts (root) {
  for (const form of root.querySelectorAll('form[data-draft-url]')) {
    const status = form.querySelector('.app-saved')
    const say = text => { if (status) status.textContent = text }
    let waiting
    const stop = () => { clearTimeout(waiting); waiting = undefined }
    const saveNow = () => { stop(); save(form, say) }
    form.addEventListener('input', () => { stop(); waiting = setTimeout(saveNow, PAUSE) })
    // What is sent is no draft: leaving the page, which hides it, must not keep it once more.
    form.addEventListener('submit', stop)
    document.addEventListener('visibilitychange', () => { if (document.hidden && waiting) saveNow() })
  }
}

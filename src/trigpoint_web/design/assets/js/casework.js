// What scripts add to pages that work without them.
import { SortableTable } from '@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs'
import { ButtonMenu } from '@ministryofjustice/frontend/moj/components/button-menu/button-menu.mjs'
import { createAll, initAll } from 'govuk-frontend'

import { keepDrafts } from './drafts.js'
import { suggestWording } from './wording.js'

initAll()
createAll(SortableTable)
createAll(ButtonMenu)
keepDrafts(document)
suggestWording(document)

// A page that is asked for to be printed: its address is what records that, and here the printer opens.
if (new URLSearchParams(location.search).has('print')) addEventListener('load', () => print())

// A passkey that did not work is said on the page, not in the console alone.
document.addEventListener('allauth.error', event => {
  event.preventDefault()
  for (const words of document.querySelectorAll('[data-passkey-failed]')) words.hidden = false
})

// Draws components with MoJ Frontend's own macros: a list of {name, options} comes in, a list of HTML goes out.
import { readFileSync } from 'node:fs'
import nunjucks from 'nunjucks'

const folders = ['node_modules/@ministryofjustice/frontend/moj/components', 'node_modules/govuk-frontend/dist', 'node_modules/@ministryofjustice/frontend/moj']
const environment = nunjucks.configure(folders, { autoescape: true })
environment.addFilter('date', (_, words) => words) // dates are put into words by the caller

const asked = JSON.parse(readFileSync(0, 'utf-8'))
const drawn = asked.map(({ name, options }) => environment.render(`${name}/template.njk`, { params: options }))
process.stdout.write(JSON.stringify(drawn))

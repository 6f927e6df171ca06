// Tells the style sheet that scripts run. A file of its own, because no page holds a script.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')

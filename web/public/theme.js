// Before anything is drawn: the theme and the language of the last visit.
;(() => {
  const theme = localStorage.getItem('smartroute-theme') ?? 'system'
  const dark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  const saved = localStorage.getItem('smartroute-language')
  const chinese =
    saved === null ? navigator.language.toLowerCase().startsWith('zh') : saved === 'zh'
  document.documentElement.lang = chinese ? 'zh-CN' : 'en'
})()

@echo off
rem For people who double-click: the same as "npm start".
chcp 65001 >nul
cd /d "%~dp0"
where npm >nul 2>nul
if errorlevel 1 (
  echo SmartRoute needs Node.js 20 or newer with npm: https://nodejs.org
  echo SmartRoute 需要 Node.js 20 或更高版本（含 npm）：https://nodejs.org
  pause
  exit /b 1
)
call npm start --silent -- %*
if errorlevel 1 pause

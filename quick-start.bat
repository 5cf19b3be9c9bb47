@echo off
rem Viva's server runs on Linux. On Windows this starts quick-start.sh inside WSL (Windows Subsystem for Linux).
setlocal
where wsl >nul 2>nul
if errorlevel 1 (
  echo Viva needs WSL, the Linux that comes with Windows 10 and 11, and it is not installed.
  echo Open PowerShell as administrator and run:   wsl --install -d Debian
  echo Restart the computer, open "Debian" once to choose a user name, then run this file again.
  exit /b 1
)
wsl -e true >nul 2>nul
if errorlevel 1 (
  echo WSL is installed but has no Linux yet.
  echo Open PowerShell and run:   wsl --install -d Debian
  echo Then open "Debian" once to choose a user name, and run this file again.
  exit /b 1
)
wsl -e sh -c "command -v apt-get" >nul 2>nul
if errorlevel 1 (
  echo The default Linux of WSL is not Debian or Ubuntu. Run:   wsl --set-default Debian
  exit /b 1
)
wsl --cd "%~dp0" -e bash ./quick-start.sh %*
if errorlevel 1 (
  echo.
  echo quick-start.sh stopped; the lines above say what to do next.
  exit /b 1
)

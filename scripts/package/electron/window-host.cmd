@echo off
rem Runs window-host on the Node that came with it. Without a data folder named it means the one of this PC, as the app does.
setlocal
if not defined WINDOW_RATING_DATA set "WINDOW_RATING_DATA=%ProgramData%\Window Rating\window"
"%~dp0resources\window-host\runtime\node.exe" "%~dp0resources\window-host\app\host-app\src\core\main.js" %*
exit /b %ERRORLEVEL%

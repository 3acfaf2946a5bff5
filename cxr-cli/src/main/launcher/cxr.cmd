@echo off
rem Starts cxr with the JVM options of its commands.
rem
rem Java: the runtime in this archive, else JAVA_HOME, else java on the PATH.
rem CXR_JAVA_OPTS: further JVM options, such as -Xmx8g.
setlocal DisableDelayedExpansion

set "CXR_FOLDER=%~dp0.."
set "CXR_JAVA=%CXR_FOLDER%\runtime\bin\java.exe"
if exist "%CXR_JAVA%" goto :options
set "CXR_JAVA=%JAVA_HOME%\bin\java.exe"
if not defined JAVA_HOME goto :path
if exist "%CXR_JAVA%" goto :options
echo cxr: expected Java in JAVA_HOME, found no "%CXR_JAVA%". Install Java 17 and set JAVA_HOME to it. 1>&2
exit /b 1

:path
for %%j in (java.exe) do set "CXR_JAVA=%%~$PATH:j"
if defined CXR_JAVA goto :options
echo cxr: expected Java 17 or newer, found none. Install it, or set JAVA_HOME to it. 1>&2
exit /b 1

:options
set "CXR_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
for %%c in (train bench doctor serve predict) do if "%~1"=="%%c" set "CXR_OPTIONS=-Xms512m -XX:+UseSerialGC"
for %%c in (ensemble evaluate explain knn calibrate compare) do if "%~1"=="%%c" set "CXR_OPTIONS=-Xms512m -XX:+UseSerialGC"
for %%c in (download audit augment load-test) do if "%~1"=="%%c" set "CXR_OPTIONS="
if defined CXR_JAVA_OPTS set "CXR_OPTIONS=%CXR_JAVA_OPTS%"

"%CXR_JAVA%" %CXR_OPTIONS% --enable-native-access=ALL-UNNAMED -Dcxr.launcher=cxr -cp "%CXR_FOLDER%\lib\*" dev.cxr.cli.Main %*
exit /b %ERRORLEVEL%

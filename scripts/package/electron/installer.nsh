; What the installer does besides copying: the folder of the ratings, and for every user of the PC start at log-in and
; window-rating:// links. The firewall is left alone: window-host listens on loopback only. Nothing here deletes ratings.
!macro customInstall
  ReadEnvStr $R9 PROGRAMDATA
  CreateDirectory "$R9\Window Rating\window"
  ; Whoever logs in runs the core, so all of them must be able to write: S-1-5-32-545 are the users of this PC, M is to change.
  nsExec::Exec 'icacls "$R9\Window Rating" /grant *S-1-5-32-545:(OI)(CI)M /Q'
  WriteRegStr HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "Window Rating" '"$INSTDIR\window-rating.exe" --autostarted'
  WriteRegStr HKLM "Software\Classes\window-rating" "" "URL:Window Rating link"
  WriteRegStr HKLM "Software\Classes\window-rating" "URL Protocol" ""
  WriteRegStr HKLM "Software\Classes\window-rating\shell\open\command" "" '"$INSTDIR\window-rating.exe" "%1"'
!macroend

!macro customUnInstall
  ; An update uninstalls the version before first; start at log-in stays then.
  ${ifNot} ${isUpdated}
    DeleteRegValue HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "Window Rating"
    DeleteRegKey HKLM "Software\Classes\window-rating"
  ${endIf}
!macroend

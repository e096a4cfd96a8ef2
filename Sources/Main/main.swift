import DescentCLI

Program.main()
